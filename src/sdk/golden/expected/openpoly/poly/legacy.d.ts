// Made by `poly generate`: changes here are lost.
import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';
import type { schemas } from '../schemas.js';

export interface Legacy {
  untyped: (...args: any[]) => Promise<any>;
}
