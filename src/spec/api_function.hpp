// An API function: one operation of another system, as a template over named arguments
// (wire.md section 5.5, CreateApiFunctionDto).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/api_policy.hpp"
#include "spec/property_type.hpp"
#include "spec/resource.hpp"

namespace poly::spec {

// `{{name}}` in `key` or `value` is an argument.
struct KeyValue {
  std::string key;
  std::string value;
  std::optional<std::string> type;  // form data: text or file

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("key", self.key);
    field.optional("value", self.value);
    field.optional("type", self.type);
  }
  bool operator==(const KeyValue&) const = default;
};

enum class AuthType { none, basic, bearer, api_key, oauth2, aws_v4 };

// Which members the lists have, and what they mean, is said in docs/api-functions.md. Their values are
// templates.
struct ApiAuth {
  AuthType type = AuthType::none;
  std::vector<KeyValue> basic, bearer, apikey, oauth2, awsv4;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("type", self.type);
    field.optional("basic", self.basic);
    field.optional("bearer", self.bearer);
    field.optional("apikey", self.apikey);
    field.optional("oauth2", self.oauth2);
    field.optional("awsv4", self.awsv4);
  }
  bool operator==(const ApiAuth&) const = default;
};

// The client's own certificate, with the chain below it, and its key; PEM, both templates.
struct ApiTls {
  std::string certificate;
  std::string private_key;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("certificate", self.certificate);
    field.required("privateKey", self.private_key);
  }
  bool operator==(const ApiTls&) const = default;
};

enum class BodyMode { empty, raw, urlencoded, formdata, file };

struct ApiBody {
  BodyMode mode = BodyMode::empty;
  std::optional<std::string> raw;
  std::optional<std::string> language;  // raw: json, html, xml, text, javascript
  std::vector<KeyValue> urlencoded, formdata;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("mode", self.mode);
    field.optional("raw", self.raw);
    field.optional("language", self.language);
    field.optional("urlencoded", self.urlencoded);
    field.optional("formdata", self.formdata);
  }
  bool operator==(const ApiBody&) const = default;
};

struct ApiSource {
  std::string url;
  std::string method = "GET";
  std::vector<KeyValue> headers;
  std::optional<ApiAuth> auth;
  std::optional<ApiBody> body;
  std::optional<ApiTls> tls;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("url", self.url);
    field.required("method", self.method);
    field.optional("headers", self.headers);
    field.optional("auth", self.auth);
    field.optional("body", self.body);
    field.optional("tls", self.tls);
  }
  bool operator==(const ApiSource&) const = default;
};

// How an array or object argument is written into a URL or header (OpenAPI 3, "style" and "explode").
struct Serialization {
  std::optional<std::string> style;
  std::optional<bool> explode;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("style", self.style);
    field.optional("explode", self.explode);
  }
  bool operator==(const Serialization&) const = default;
};

struct ApiArgument {
  std::string name;
  std::optional<std::string> description;
  bool required = true;
  bool secure = false;
  std::string type = "any";    // string, number, boolean, object, array, any …
  JsonText type_schema;        // JSON Schema of the value
  bool payload = false;        // grouped with others into one argument named payload
  std::optional<std::string> variable;  // id or path of the variable that is the default
  bool remove_if_not_present = false;   // its key vanishes from query, header or body when not given
  std::optional<Serialization> serialization;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.optional("description", self.description);
    field.optional("required", self.required);
    field.optional("secure", self.secure);
    field.optional("type", self.type);
    field.optional("typeSchema", self.type_schema);
    field.optional("payload", self.payload);
    field.optional("variable", self.variable);
    field.optional("removeIfNotPresentOnExecute", self.remove_if_not_present);
    field.optional("serialization", self.serialization);
  }
  bool operator==(const ApiArgument&) const = default;
};

struct OtherReturnType {
  std::string status_code;
  std::string type = "object";
  JsonText schema;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("statusCode", self.status_code);
    field.optional("type", self.type);
    field.optional("schema", self.schema);
  }
  bool operator==(const OtherReturnType&) const = default;
};

struct ApiFunction {
  Head head;
  std::vector<ApiArgument> arguments;
  ApiSource source;
  bool enabled_redirect = false;
  std::string return_type = "any";
  JsonText return_type_schema;
  std::vector<OtherReturnType> other_return_types;
  std::string api_type = "rest";  // or graphql
  std::optional<ApiPolicy> policy;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    field.optional("arguments", self.arguments);
    field.required("source", self.source);
    field.optional("enabledRedirect", self.enabled_redirect);
    field.optional("returnType", self.return_type);
    field.optional("returnTypeSchema", self.return_type_schema);
    field.optional("otherReturnTypes", self.other_return_types);
    field.optional("apiType", self.api_type);
    field.optional("policy", self.policy);
  }
  bool operator==(const ApiFunction&) const = default;
};

// What callers see: arguments in order, those marked payload grouped into one named `payload`.
FunctionSpecification specification_of(const ApiFunction& function);

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::AuthType> = std::to_array<poly::EnumWord<poly::spec::AuthType>>({
    {poly::spec::AuthType::none, "noauth"},
    {poly::spec::AuthType::basic, "basic"},
    {poly::spec::AuthType::bearer, "bearer"},
    {poly::spec::AuthType::api_key, "apikey"},
    {poly::spec::AuthType::oauth2, "oauth2"},
    {poly::spec::AuthType::aws_v4, "awsv4"},
});
template <>
inline constexpr auto poly::enum_words<poly::spec::BodyMode> = std::to_array<poly::EnumWord<poly::spec::BodyMode>>({
    {poly::spec::BodyMode::empty, "empty"},
    {poly::spec::BodyMode::raw, "raw"},
    {poly::spec::BodyMode::urlencoded, "urlencoded"},
    {poly::spec::BodyMode::formdata, "formdata"},
    {poly::spec::BodyMode::file, "file"},
});
