// A request in the form in which its caller sends it himself ("direct execute", wire.md section 4.1). axios
// and httpx both take it as it is: `{method, url, headers, data?, maxRedirects}`.
#pragma once

#include <string>

#include "outbound/redirects.hpp"

namespace poly::outbound {

// JSON. The headers are those that this server would send, its User-Agent and Accept too, but for what
// belongs to a connection; `data` is the body as text, whatever its type, so that nobody encodes it anew. A
// client certificate is no part of it. Throws Failure{bad_request} when the body is no text.
std::string direct_request_of(const http::ClientRequest& request, Redirects redirects);

}  // namespace poly::outbound
