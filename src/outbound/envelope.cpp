#include "outbound/envelope.hpp"

#include <map>

#include <simdjson.h>

#include "base/ascii_case.hpp"
#include "base/base64.hpp"
#include "base/json.hpp"
#include "http/content_type.hpp"

namespace poly::outbound {
namespace {

bool is_valid_json(const std::string& body) {
  thread_local simdjson::dom::parser parser;
  const auto problem = parser.parse(body.data(), body.size(), true).error();
  // The quick parser stops at a whole number past 64 bits, which is JSON all the same.
  if (problem == simdjson::NUMBER_ERROR) return parse_json(body, "the answer").has_value();
  return problem == simdjson::SUCCESS;
}

bool belongs_to_connection(std::string_view name) {
  return name == "connection" || name == "keep-alive" || name == "transfer-encoding" || name == "upgrade" ||
         name == "trailer" || name == "te" || name.starts_with("proxy-");
}

void append_data(std::string& out, const http::ClientResponse& response) {
  const auto& body = response.body;
  const auto type = response.headers.get("content-type");
  if (body.empty()) {
    out += "null";
  } else if ((type.empty() || http::is_json(type)) && is_valid_json(body)) {
    out += body;
  } else if (simdjson::validate_utf8(body)) {
    append_quoted(out, body);
  } else {
    append_quoted(out, to_base64(body));
  }
}

void append_headers(std::string& out, const http::Headers& headers) {
  std::map<std::string, std::string> joined;
  for (const auto& [name, value] : headers) {
    auto key = lower(name);
    if (belongs_to_connection(key)) continue;
    auto& text = joined[std::move(key)];
    text.append(text.empty() ? "" : ", ").append(value);
  }
  out.push_back('{');
  bool first = true;
  for (const auto& [name, value] : joined) {
    if (!first) out.push_back(',');
    first = false;
    append_quoted(out, name);
    out.push_back(':');
    append_quoted(out, simdjson::validate_utf8(value) ? value : std::string("(not UTF-8)"));
  }
  out.push_back('}');
}

}  // namespace

std::string envelope_of(const http::ClientResponse& response) {
  std::string out;
  out.reserve(response.body.size() + 512);
  out += R"({"status":)" + std::to_string(response.status) + R"(,"data":)";
  append_data(out, response);
  out += R"(,"headers":)";
  append_headers(out, response.headers);
  out.push_back('}');
  return out;
}

}  // namespace poly::outbound
