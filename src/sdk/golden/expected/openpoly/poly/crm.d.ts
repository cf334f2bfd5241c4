// Made by `poly generate`: changes here are lost.
import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';
import type { schemas } from '../schemas.js';

export interface CRM {
  /**
   * Runs later
   * @deprecated
   */
  enqueue: (class_: any /* UnknownType */, done?: (error?: string | null) => void) => Promise<{ executionId: string }>;
}
