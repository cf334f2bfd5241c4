// The catalog of an environment: `poly` calls its functions, `vari` reads and hands on its variables.
import type { Poly } from './poly/index.js';
import type { Vari } from './vari.js';
import type { PolyCustom } from './types.js';

declare const poly: Poly;
declare const vari: Vari;
declare const polyCustom: PolyCustom;

export default poly;
export { poly, vari, polyCustom };
export { schemas } from './schemas.js';
export { PolyError } from './types.js';
export type { Poly } from './poly/index.js';
export type { Vari } from './vari.js';
export type {
  ApiCallMetrics,
  ApiFunctionResponse,
  GraphqlFunctionResponse,
  PolyCustom,
  SecretVariable,
  Variable,
  VariableUpdate,
} from './types.js';
