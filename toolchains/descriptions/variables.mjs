// The variables of one request while it is put together: `{{name}}` in its url, headers, auth and body.
import { NameBook, hole } from './names.mjs';

export class Variables {
  #names = new NameBook();
  #variables = new Map();

  // A new variable under a free name; gives its hole. `fields`: value, description, secret.
  add(wanted, fields) {
    const name = this.#names.claim(wanted);
    this.#variables.set(name, { ...fields });
    return hole(name);
  }

  // What is known of a name that the description itself chose. A secret's value is never kept.
  describe(name, fields) {
    this.#names.claim(name);
    const { value, ...others } = { ...this.#variables.get(name), ...fields };
    this.#variables.set(name, others.secret || value === undefined ? others : { value, ...others });
  }

  toJSON() {
    return Object.fromEntries(this.#variables);
  }
}
