#include "outbound/direct_request.hpp"

#include <simdjson.h>

#include "base/json.hpp"
#include "http/serialize.hpp"

namespace poly::outbound {
namespace {

// Fields of one name become one field (RFC 9110, section 5.3; for cookies RFC 6265, section 5.4).
void add_header(JsonObject& headers, std::string_view name, std::string_view value) {
  for (auto& [known, text] : headers) {
    if (!http::same_header_name(known, name)) continue;
    text = std::string(text.get_string()) + (http::same_header_name(name, "Cookie") ? "; " : ", ") +
           std::string(value);
    return;
  }
  headers[name] = value;
}

JsonObject headers_of(const http::Headers& fields) {
  JsonObject headers;
  for (const auto& [name, value] : fields) {
    if (!http::is_connection_header(name)) add_header(headers, name, value);
  }
  if (!fields.find("User-Agent")) headers["User-Agent"] = http::ClientOptions().user_agent;
  if (!fields.find("Accept")) headers["Accept"] = "*/*";
  return headers;
}

}  // namespace

std::string direct_request_of(const http::ClientRequest& request, Redirects redirects) {
  JsonObject out{{"method", http::to_string(request.method)},
                 {"url", request.url.text()},
                 {"headers", headers_of(request.headers)}};
  if (!simdjson::validate_utf8(request.body)) {
    throw Failure(ErrorKind::bad_request,
                  "its body is not text, which a direct request cannot carry; execute it instead");
  }
  // Without it axios drops the type of a body that is empty.
  if (!request.body.empty() || request.headers.find("Content-Type")) out["data"] = request.body;
  out["maxRedirects"] = redirects == Redirects::are_followed ? redirects_max : 0;
  return to_text(out);
}

}  // namespace poly::outbound
