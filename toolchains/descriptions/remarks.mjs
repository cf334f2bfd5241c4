// What was left out of a description, with method and path; the same remark is kept once.
import { LIMITS } from './limits.mjs';

export class Remarks {
  #seen = new Map();
  #dropped = 0;

  add(method, path, reason) {
    const key = JSON.stringify([method, path, reason]);
    if (this.#seen.has(key)) return;
    if (this.#seen.size < LIMITS.warnings) this.#seen.set(key, { method, path, reason });
    else this.#dropped += 1;
  }

  list() {
    const all = [...this.#seen.values()];
    if (this.#dropped > 0) all.push({ method: '*', path: '*', reason: `${this.#dropped} more remarks are not shown` });
    return all;
  }
}
