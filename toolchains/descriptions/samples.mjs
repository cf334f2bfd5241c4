// The answers of one request that are kept, within limits that hold for the whole description.
import { LIMITS } from './limits.mjs';
import { isSensitive, withoutCredentials } from './sensitive.mjs';

export class Samples {
  #charactersLeft = LIMITS.sampleCharactersAltogether;

  // `answers`: {status, headers: {}, body}. The same answer is kept once.
  of(answers, remark) {
    const kept = new Map();
    for (const { status, headers, body } of answers) {
      if (body.length > LIMITS.sampleCharacters || body.length > this.#charactersLeft) {
        remark(`an answer of ${body.length} characters is too long for a sample`);
        continue;
      }
      const sample = { status, headers: harmless(headers), body: withoutCredentials(body) };
      const key = JSON.stringify([status, sample.body]);
      if (kept.has(key)) continue;
      if (kept.size === LIMITS.samples) {
        remark(`only ${LIMITS.samples} of its answers are samples`);
        break;
      }
      kept.set(key, sample);
      this.#charactersLeft -= body.length;
    }
    return [...kept.values()];
  }
}

function harmless(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => !isSensitive(name, value)));
}
