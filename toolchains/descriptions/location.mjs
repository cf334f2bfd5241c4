// A URL that may have holes, in its parts: the URL parser of the web would percent-encode the braces.
const PARTS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/is;

// {origin, host, user, path, query: [{key, value}]}, all as encoded as they were; a value is null where no `=` stands.
export function parseLocation(text) {
  const [, scheme, authority, path, query] = text.trim().match(PARTS);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const user = authority.length > host.length ? authority.slice(0, -host.length - 1) : null;
  return {
    origin: `${scheme ? `${scheme.toLowerCase()}://` : ''}${host}`,
    host,
    user,
    path,
    query: parseQuery(query ?? ''),
  };
}

export function parseQuery(text) {
  const pairs = text.split('&').filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 0) return { key: pair, value: null };
    return { key: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
}

export function writeQuery(pairs) {
  if (pairs.length === 0) return '';
  return `?${pairs.map(({ key, value }) => (value === null ? key : `${key}=${value}`)).join('&')}`;
}

// Percent-encoding that is none stays text. `+` is a blank in a query and in a form.
export function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
