#include "outbound/envelope.hpp"

#include <map>

#include <simdjson.h>
#include <sodium.h>

#include "base/json.hpp"
#include "http/content_type.hpp"

namespace poly::outbound {
namespace {

bool is_valid_json(const std::string& body) {
  thread_local simdjson::dom::parser parser;
  return parser.parse(body.data(), body.size(), true).error() == simdjson::SUCCESS;
}

bool belongs_to_connection(std::string_view name) {
  return name == "connection" || name == "keep-alive" || name == "transfer-encoding" || name == "upgrade" ||
         name == "trailer" || name == "te" || name.starts_with("proxy-");
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

void append_base64(std::string& out, std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  append_quoted(out, text);
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
    append_base64(out, body);
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
