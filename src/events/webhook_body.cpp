#include "events/webhook_body.hpp"

#include <simdjson.h>

#include "http/content_type.hpp"
#include "http/percent.hpp"

namespace poly::events {
namespace {

bool is_text(std::string_view bytes) {
  return simdjson::validate_utf8(bytes.data(), bytes.size());
}

bool is_text(const Json& value) {
  if (const auto* text = value.if_string()) return is_text(std::string_view(*text));
  const auto* several = value.if_array();
  return !several || std::ranges::all_of(*several, [](const Json& item) { return is_text(item); });
}

JsonObject object_of_form(std::string_view body) {
  JsonObject form;
  for (auto& [key, value] : http::parse_query(body)) {
    auto* there = form.if_contains(key);
    if (!there) {
      form[key] = std::move(value);
    } else if (auto* several = there->if_array()) {
      several->push_back(Json(std::move(value)));
    } else {
      *there = JsonArray{std::move(*there), Json(std::move(value))};
    }
  }
  return form;
}

void require_text(const JsonObject& object, std::string_view what) {
  for (const auto& [key, value] : object) {
    if (!is_text(std::string_view(key)) || !is_text(value)) {
      throw Failure(ErrorKind::bad_request,
                    "a " + std::string(what) + " is not UTF-8 once its percent-encoding is undone");
    }
  }
}

}  // namespace

Json event_of_body(std::string_view body, std::string_view content_type) {
  if (body.empty()) return nullptr;
  if (!is_text(body)) {
    throw Failure(
        ErrorKind::bad_request,
        "the request body is not UTF-8 text: webhooks take JSON, forms, XML and text, no binary data");
  }
  if (http::is_json(content_type)) return value_or_throw(parse_json(body, "request body"));
  if (!http::is_form(content_type)) return Json(body);
  auto form = object_of_form(body);
  require_text(form, "form field");
  return form;
}

JsonObject headers_of(const WebhookEvent& event) {
  JsonObject headers;
  for (const auto& [name, value] : event.headers) {
    if (event.caller && name == "authorization") continue;
    const std::string_view text = is_text(value) ? std::string_view(value) : "(not UTF-8)";
    auto* there = headers.if_contains(name);
    if (!there) {
      headers[name] = text;
    } else {
      auto& joined = there->get_string();
      joined.append(", ");
      joined.append(text);
    }
  }
  return headers;
}

void require_text(const JsonObject& params) {
  require_text(params, "parameter of the path or query");
}

}  // namespace poly::events
