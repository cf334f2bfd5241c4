// Made by `poly generate`: changes here are lost.
import type { SecretVariable, Variable } from './types.js';
import type { schemas } from './schemas.js';

export interface Vari {
  crm: Crm;
}

export interface Crm {
  /** How the CRM is used */
  settings: Variable<{
    hosts: string[];
    pageSize: number;
  }>;
  token: SecretVariable<string>;
}
