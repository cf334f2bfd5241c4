// Made by `poly generate`: changes here are lost.
import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';
import type { schemas } from '../schemas.js';

export interface Text {
  describe: (id: string) => Promise<string>;
  /** First letters of a name */
  initials: (name: string) => string;
}
