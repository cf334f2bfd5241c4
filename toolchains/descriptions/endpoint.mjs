// Where the functions of a description that names no address are called: the option `url`, or an argument.
import { NameBook, camelCase, hole } from './names.mjs';

const ARGUMENT_DEFAULT = 'hostUrl';

// {url, arguments}: `arguments` is empty or the one argument that carries the host; the path of `known` stays.
export function endpointOf(options, known = '') {
  const { url = known, hostUrlAsArgument } = options;
  if (typeof url !== 'string') throw new TypeError('options.url: must be text');
  if (url !== '' && !/^https?:\/\/[^/?#\s]/i.test(url))
    throw new TypeError('options.url: must begin with http:// or https:// and a host');
  if (url !== '' && hostUrlAsArgument === undefined) return { url, arguments: [] };
  const name = new NameBook().claim(
    camelCase(typeof hostUrlAsArgument === 'string' && hostUrlAsArgument !== '' ? hostUrlAsArgument : ARGUMENT_DEFAULT),
  );
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '');
  return { url: `${hole(name)}${path}`, arguments: [{ name, required: true, type: 'string' }] };
}
