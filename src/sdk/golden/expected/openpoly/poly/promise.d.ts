// Made by `poly generate`: changes here are lost.
import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';
import type { schemas } from '../schemas.js';

export interface Promise_2 {
  a: PromiseA;
}

export interface PromiseA {
  b: PromiseAB;
}

export interface PromiseAB {
  c: PromiseABC;
}

export interface PromiseABC {
  d: PromiseABCD;
}

export interface PromiseABCD {
  e: PromiseABCDE;
}

export interface PromiseABCDE {
  f: PromiseABCDEF;
}

export interface PromiseABCDEF {
  /** A deep one with a reserved name */
  default: (new_: { [key: string]: any }, new__2: any) => Promise<void>;
}
