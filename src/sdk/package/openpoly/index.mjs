// The same module for `import`: one instance serves both ways of loading.
import sdk from './index.js';

export const { poly, vari, polyCustom, schemas, PolyError } = sdk;
export default poly;
