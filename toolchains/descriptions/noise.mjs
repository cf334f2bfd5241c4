// Headers that belong to one connection, one browser or one trace, not to the request.
const NAMES = new Set(
  `user-agent accept-encoding accept-language accept-charset origin referer host content-length connection keep-alive te
  trailer transfer-encoding upgrade upgrade-insecure-requests dnt pragma cache-control priority range expect via
  forwarded x-requested-with traceparent tracestate baggage sentry-trace newrelic x-newrelic-id`.split(/\s+/),
);
const BEGINNINGS = [':', 'sec-', 'proxy-', 'if-', 'x-forwarded-', 'x-b3-', 'x-datadog-'];

// `name` in small letters.
export function isNoise(name) {
  return NAMES.has(name) || BEGINNINGS.some((beginning) => name.startsWith(beginning));
}
