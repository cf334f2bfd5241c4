// The options of curl: which take a value, and which mean something for a request. Options about output, transfer
// and connections mean nothing here; an option that is in no list is refused, since its value could not be told
// from an address.
const SHORT = `X=request H=header d=data F=form u=user G=get b=cookie A=user-agent k=insecure I=head L=location T=upload-file
  e=referer x=proxy o=output O=remote-name s=silent S=show-error v=verbose i=include f=fail m=max-time
  w=write-out E=cert c=cookie-jar D=dump-header K=config r=range C=continue-at N=no-buffer g=globoff 4=ipv4
  6=ipv6 0=http1.0 1=tlsv1 z=time-cond U=proxy-user n=netrc #=progress-bar :=next Z=parallel
  J=remote-header-name q=disable j=junk-session-cookies Y=speed-limit y=speed-time p=proxytunnel`;

const WITH_VALUE = `request header data data-ascii data-raw data-binary data-urlencode json form form-string url
  url-query user cookie user-agent upload-file referer proxy output max-time write-out cert cookie-jar
  dump-header config range continue-at time-cond proxy-user speed-limit speed-time oauth2-bearer aws-sigv4
  connect-timeout connect-to resolve retry retry-delay retry-max-time cacert capath key key-type cert-type pass
  ciphers tls13-ciphers tls-max interface limit-rate max-redirs max-filesize output-dir stderr trace trace-ascii
  unix-socket dns-servers proto proto-default proto-redir noproxy keepalive-time rate variable pinnedpubkey
  parallel-max preproxy socks5 socks5-hostname socks4 service-name curves crlfile egd-file engine random-file
  local-port happy-eyeballs-timeout-ms expect100-timeout create-file-mode doh-url hsts alt-svc netrc-file
  request-target`;

const WITHOUT_VALUE = `get insecure head location remote-name silent show-error verbose include fail no-buffer
  globoff ipv4 ipv6 http1.0 tlsv1 netrc progress-bar next parallel remote-header-name disable
  junk-session-cookies proxytunnel fail-early compressed http1.1 http2 http2-prior-knowledge http3 http3-only
  fail-with-body location-trusted basic digest ntlm negotiate anyauth tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 ssl
  ssl-reqd sslv2 sslv3 ssl-no-revoke retry-connrefused retry-all-errors create-dirs path-as-is post301 post302
  post303 raw tcp-nodelay tcp-fastopen keepalive buffer progress-meter styled-output trace-time trace-ids xattr
  remote-time remote-name-all tr-encoding compressed-ssh netrc-optional proxy-insecure alpn sessionid clobber
  suppress-connect-headers form-escape ca-native disallow-username-in-url haproxy-protocol http0.9 proxy-basic
  proxy-digest proxy-ntlm ignore-content-length cert-status`;

const shortOf = new Map(SHORT.split(/\s+/).map((pair) => [pair.slice(2), pair[0]]));

// As `parseArgs` of Node wants them.
export const CURL_OPTIONS = Object.fromEntries([
  ...described(WITH_VALUE, 'string'),
  ...described(WITHOUT_VALUE, 'boolean'),
]);

function described(names, type) {
  return names.split(/\s+/).map((name) => [name, shortOf.has(name) ? { type, short: shortOf.get(name) } : { type }]);
}
