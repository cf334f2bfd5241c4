'use strict';
// The tree `vari`, made from the table of the catalog: [path, id, secrecy] where secrecy is "secret" or
// "readable".

const { PolyError, errorOfAnswer } = require('./errors.js');
const { pathTree } = require('./path-tree.js');
const { send, succeeded } = require('./http.js');

function createVari(variables) {
  return pathTree(variables.map(([path, id, secrecy]) => [path, variable(path, id, secrecy === 'secret')]));
}

function variable(path, id, isSecret) {
  const place = `/variables/${encodeURIComponent(id)}`;
  return {
    async get() {
      if (isSecret) {
        throw new PolyError(`vari.${path} is secret: hand it on with vari.${path}.inject()`, { statusCode: 403 });
      }
      const answer = await send(`vari.${path}.get`, 'GET', `${place}/value`);
      if (!succeeded(answer)) throw errorOfAnswer(`vari.${path}.get`, answer);
      return answer.body;
    },
    inject(part) {
      const whole = { type: 'PolyVariable', id };
      return part === undefined || part === null || part === '' ? whole : { ...whole, path: part };
    },
    async update(value) {
      const answer = await send(`vari.${path}.update`, 'PATCH', place, { content: { value } });
      if (!succeeded(answer)) throw errorOfAnswer(`vari.${path}.update`, answer);
      return { status: answer.status, data: answer.body, headers: answer.headers };
    },
  };
}

module.exports = { createVari };
