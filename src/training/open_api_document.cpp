#include "training/open_api_document.hpp"

#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>

#include "base/codec.hpp"
#include "training/open_api.hpp"

namespace poly::training {
namespace {

[[noreturn]] void refuse(std::string reason) {
  throw Failure(ErrorKind::bad_request, std::move(reason));
}

[[noreturn]] void refuse_kind(std::string_view key, std::string_view wanted, const Json& got) {
  refuse("`" + std::string(key) + "` must be " + std::string(wanted) + ", got " +
         std::string(codec::kind_name(got)));
}

// YAML writes an empty member as null.
const Json* member_of(const JsonObject& parent, std::string_view key) {
  const auto* member = parent.if_contains(key);
  return member && !member->is_null() ? member : nullptr;
}

std::unexpected<Error> no_document(std::string reason) {
  return fail(ErrorKind::bad_request, "This is not an OpenAPI 3.0 or 3.1 document: " + std::move(reason));
}

// What other kinds of documents call themselves.
std::unexpected<Error> describe_stranger(const JsonObject& root) {
  if (const auto* version = root.if_contains("swagger")) {
    const auto number = version->is_string() ? std::string(version->get_string()) : to_text(*version);
    auto error = no_document("it is a Swagger " + number + " document");
    if (number == "2.0") error.error().code = openapi_2_code;
    return error;
  }
  if (root.contains("asyncapi")) return no_document("it is an AsyncAPI document");
  const auto* info = root.if_contains("info");
  const auto* schema = info ? find(*info, "schema") : nullptr;
  if (schema && schema->is_string() && std::string_view(schema->get_string()).contains("getpostman.com")) {
    return no_document("it is a Postman collection");
  }
  return no_document("it has no `openapi` field");
}

Result<bool> reads_as_3_0(const Json& version) {
  if (!version.is_string()) {
    return no_document("`openapi` must be text such as \"3.0.3\", got the " +
                       std::string(codec::kind_name(version)) + " " + to_text(version) +
                       "; put it in quotes");
  }
  const std::string_view text(version.get_string());
  if (text == "3.0" || text.starts_with("3.0.")) return true;
  if (text == "3.1" || text.starts_with("3.1.")) return false;
  return no_document("version '" + std::string(text) + "' is not supported");
}

std::string percent_decoded(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view(text);
  if (encoded.has_error()) return std::string(text);
  const boost::urls::decode_view decoded = **encoded;
  return {decoded.begin(), decoded.end()};
}

// `~1` is `/` and `~0` is `~` (RFC 6901, section 4).
std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape =
        token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
    out.push_back(escape ? (token[i + 1] == '1' ? '/' : '~') : token[i]);
    if (escape) ++i;
  }
  return out;
}

const Json* child(const Json& parent, const std::string& token) {
  if (const auto* object = parent.if_object()) return object->if_contains(token);
  const auto* array = parent.if_array();
  if (!array || token.empty() || token.size() > 9) return nullptr;
  if (token.find_first_not_of("0123456789") != std::string::npos) return nullptr;
  return array->if_contains(std::stoul(token));
}

bool finds_security(const JsonObject& root) {
  if (root.contains("security")) return true;
  const auto* paths = member_of(root, "paths");
  if (!paths) return false;
  for (const auto& [path, item] : paths->get_object()) {
    if (!item.is_object()) continue;
    for (const auto& [key, operation] : item.get_object()) {
      if (find(operation, "security")) return true;
    }
  }
  return false;
}

}  // namespace

OpenApiDocument::OpenApiDocument(Json root, bool is_3_0)
    : root_(std::move(root)), is_3_0_(is_3_0), uses_security_(finds_security(root_.get_object())) {}

Result<OpenApiDocument> OpenApiDocument::create(Json root) {
  if (!root.is_object()) {
    return no_document("it is one " + std::string(codec::kind_name(root)) + ", not an object");
  }
  const auto& object = root.get_object();
  const auto* version = object.if_contains("openapi");
  if (!version) return describe_stranger(object);
  const auto is_3_0 = reads_as_3_0(*version);
  if (!is_3_0) return std::unexpected(is_3_0.error());
  if (!object.contains("info")) return no_document("`info` is missing");
  if (!object.at("info").is_object()) return no_document("`info` must be an object");
  const bool only_others = !*is_3_0 && (object.contains("webhooks") || object.contains("components"));
  if (!object.contains("paths") && !only_others) return no_document("`paths` is missing");
  try {
    for (const std::string_view part : {"paths", "webhooks"}) object_member(object, part);
    const auto& components = object_member(object, "components");
    for (const std::string_view part : {"schemas", "securitySchemes"}) object_member(components, part);
  } catch (const Failure& failure) {
    return no_document(failure.error().message);
  }
  return OpenApiDocument(std::move(root), *is_3_0);
}

std::string_view OpenApiDocument::title() const {
  return text_of(object_member(root(), "info"), "title");
}

Located OpenApiDocument::at(std::string_view reference) const {
  if (!reference.starts_with('#')) {
    refuse("`$ref` '" + std::string(reference) +
           "' lies outside this document; put what it names into the document");
  }
  const std::string pointer = percent_decoded(reference.substr(1));
  if (!pointer.empty() && pointer.front() != '/') {
    refuse("`$ref` '" + std::string(reference) + "' is not a path such as #/components/schemas/Pet");
  }
  const Json* value = &root_;
  std::size_t from = 1;
  while (value && from <= pointer.size()) {
    const auto slash = std::min(pointer.find('/', from), pointer.size());
    value = child(*value, unescaped(std::string_view(pointer).substr(from, slash - from)));
    from = slash + 1;
  }
  if (!value) refuse("`$ref` '" + std::string(reference) + "' names nothing in this document");
  return {value, pointer};
}

Located OpenApiDocument::resolve(const Json& value) const {
  Located here{&value, {}};
  for (int hop = 0; hop <= reference_hops_max; ++hop) {
    const auto reference = reference_of(*here.value);
    if (reference.empty()) return here;
    here = at(reference);
  }
  refuse("`$ref` '" + std::string(reference_of(value)) + "' leads in a circle, or further than " +
         std::to_string(reference_hops_max) + " references");
}

const JsonObject& OpenApiDocument::object(const Json& value, std::string_view what) const {
  const auto* object = resolve(value).value->if_object();
  if (!object) refuse("a " + std::string(what) + " is not an object");
  return *object;
}

std::string_view reference_of(const Json& value) {
  const auto* object = value.if_object();
  return object ? text_of(*object, "$ref") : std::string_view();
}

const JsonObject& object_member(const JsonObject& parent, std::string_view key) {
  static const JsonObject none;
  const auto* member = member_of(parent, key);
  if (!member) return none;
  if (!member->is_object()) refuse_kind(key, "an object", *member);
  return member->get_object();
}

const JsonArray& array_member(const JsonObject& parent, std::string_view key) {
  static const JsonArray none;
  const auto* member = member_of(parent, key);
  if (!member) return none;
  if (!member->is_array()) refuse_kind(key, "a list", *member);
  return member->get_array();
}

bool flag_member(const JsonObject& parent, std::string_view key) {
  const auto* member = member_of(parent, key);
  if (!member) return false;
  if (!member->is_bool()) refuse_kind(key, "true or false", *member);
  return member->get_bool();
}

}  // namespace poly::training
