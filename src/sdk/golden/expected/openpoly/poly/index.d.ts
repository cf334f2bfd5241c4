// Made by `poly generate`: changes here are lost.
import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';
import type { schemas } from '../schemas.js';

export interface Poly {
  CRM: import('./crm.js').CRM;
  crm: import('./crm_2.js').Crm;
  legacy: import('./legacy.js').Legacy;
  ping: () => Promise<string>;
  promise: import('./promise.js').Promise_2;
  shapes: import('./shapes.js').Shapes;
  text: import('./text.js').Text;
}
