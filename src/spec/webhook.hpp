// A webhook: an HTTP endpoint of ours that others call (wire.md section 8.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/property_type.hpp"
#include "spec/resource.hpp"

namespace poly::spec {

struct SecurityFunction {
  std::optional<std::string> id;
  std::optional<std::string> path;
  std::optional<std::string> message;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("id", self.id);
    field.optional("path", self.path);
    field.optional("message", self.message);
  }
  bool operator==(const SecurityFunction&) const = default;
};

struct Webhook {
  Head head;
  JsonText event_payload;              // an example …
  JsonText event_payload_type_schema;  // … or a JSON Schema
  JsonText response_payload;
  std::optional<std::map<std::string, std::string>> response_headers;
  std::optional<int> response_status;
  std::optional<std::string> slug;
  std::optional<std::string> subpath;  // such as orders/{orderId}?a={a}
  std::string method = "POST";         // or a comma list
  bool require_api_key = false;
  std::vector<SecurityFunction> security_functions;
  bool enabled = true;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    field.optional("eventPayload", self.event_payload);
    field.optional("eventPayloadTypeSchema", self.event_payload_type_schema);
    field.optional("responsePayload", self.response_payload);
    field.optional("responseHeaders", self.response_headers);
    field.optional("responseStatus", self.response_status);
    field.optional("slug", self.slug);
    field.optional("subpath", self.subpath);
    field.optional("method", self.method);
    field.optional("requirePolyApiKey", self.require_api_key);
    field.optional("securityFunctions", self.security_functions);
    field.optional("enabled", self.enabled);
  }
  bool operator==(const Webhook&) const = default;
};

// The listener that SDKs offer: one callback argument `(event, headers, params, polyCustom)`.
FunctionSpecification specification_of(const Webhook& webhook);

// Whether the settings hang together: methods, response status, slug. Names are checked with the rest of the head.
Result<void> check_webhook(const Webhook& webhook);

// `GET, POST` as its words; upper case.
std::vector<std::string> methods_of(const Webhook& webhook);

inline constexpr int response_status_min = 200;
inline constexpr int response_status_max = 599;

}  // namespace poly::spec
