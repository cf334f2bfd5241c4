#include "training/security.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"
#include "training/parameters.hpp"

namespace poly::training {
namespace {

enum class SchemeKind { basic, bearer, api_key };
enum class Need { required, optional };

struct Scheme {
  SchemeKind kind = SchemeKind::bearer;
  std::string name;      // in `components.securitySchemes`
  std::string wire_key;  // API key: name of the header, query key or cookie
  std::string place;     // API key: header, query, cookie
  std::string description;
};

using Alternative = std::vector<Scheme>;

bool uses_authorization(const Scheme& scheme) {
  return scheme.kind != SchemeKind::api_key;
}

// Nothing when a call cannot carry this kind.
std::optional<Scheme> scheme_from(const OpenApiDocument& document, std::string_view name,
                                  const Json& source) {
  const auto& object = document.object(source, "security scheme");
  const auto type = text_of(object, "type");
  const auto http_scheme = lower(text_of(object, "scheme"));
  Scheme scheme{.name = std::string(name), .description = std::string(text_of(object, "description"))};
  if (type == "oauth2" || type == "openIdConnect" || (type == "http" && http_scheme == "bearer")) {
    scheme.kind = SchemeKind::bearer;
    return scheme;
  }
  if (type == "http" && http_scheme == "basic") {
    scheme.kind = SchemeKind::basic;
    return scheme;
  }
  scheme.kind = SchemeKind::api_key;
  scheme.wire_key = text_of(object, "name");
  scheme.place = text_of(object, "in");
  const bool is_known_place = scheme.place == "header" || scheme.place == "query" || scheme.place == "cookie";
  const bool is_api_key = type == "apiKey" && is_known_place && is_wire_name(scheme.wire_key, scheme.place);
  return is_api_key ? std::optional(scheme) : std::nullopt;
}

std::optional<Scheme> scheme_named(const OpenApiDocument& document, std::string_view name) {
  const auto& schemes = object_member(object_member(document.root(), "components"), "securitySchemes");
  const auto* source = schemes.if_contains(name);
  return source ? scheme_from(document, name, *source) : std::nullopt;
}

// All schemes of a requirement; nothing when one of them cannot be met, or two want the same header.
std::optional<Alternative> alternative_from(const OpenApiDocument& document, const JsonObject& requirement) {
  Alternative out;
  for (const auto& [name, scopes] : requirement) {
    auto scheme = scheme_named(document, name);
    if (!scheme) return std::nullopt;
    out.push_back(std::move(*scheme));
  }
  if (std::ranges::count_if(out, uses_authorization) > 1) return std::nullopt;
  return out;
}

class SecurityWriter {
 public:
  SecurityWriter(FunctionDraft& draft, Need need) : draft_(draft), need_(need) {}

  void add(const Scheme& scheme) {
    if (scheme.kind == SchemeKind::bearer) return add_bearer(scheme);
    if (scheme.kind == SchemeKind::basic) return add_basic(scheme);
    const auto name = argument(scheme, camel_case(scheme.wire_key));
    if (scheme.place != "cookie" && !draft_.function.source.auth) return set_api_key(scheme, name);
    add_further_key(scheme, name);
  }

 private:
  void add_bearer(const Scheme& scheme) {
    draft_.function.source.auth = {
        .type = spec::AuthType::bearer,
        .bearer = {{"token", placeholder(argument(scheme, "token")), std::nullopt}}};
  }

  void add_basic(const Scheme& scheme) {
    const auto username = argument(scheme, "username");
    const auto password = argument(scheme, "password");
    draft_.function.source.auth = {.type = spec::AuthType::basic,
                                   .basic = {{"username", placeholder(username), std::nullopt},
                                             {"password", placeholder(password), std::nullopt}}};
  }

  void set_api_key(const Scheme& scheme, const std::string& name) {
    draft_.function.source.auth = {.type = spec::AuthType::api_key,
                                   .apikey = {{"key", scheme.wire_key, std::nullopt},
                                              {"value", placeholder(name), std::nullopt},
                                              {"in", scheme.place, std::nullopt}}};
  }

  // The template's auth holds one scheme: a second key, or one in a cookie, goes straight to its place.
  void add_further_key(const Scheme& scheme, const std::string& name) {
    if (scheme.place == "query") {
      draft_.query.push_back(query_key(scheme.wire_key) + "=" + placeholder(name));
    } else if (scheme.place == "header") {
      draft_.function.source.headers.push_back({scheme.wire_key, placeholder(name), std::nullopt});
    } else {
      draft_.function.source.headers.push_back(
          {"Cookie", scheme.wire_key + "=" + placeholder(name), std::nullopt});
    }
  }

  std::string argument(const Scheme& scheme, std::string wanted) {
    std::vector<std::string> names{std::move(wanted), camel_case(scheme.name)};
    std::erase(names, "");
    if (names.empty()) names.emplace_back("credential");
    spec::ApiArgument out;
    out.name = draft_.claim_name(names);
    if (!scheme.description.empty()) out.description = scheme.description;
    out.required = need_ == Need::required;
    out.secure = true;
    out.type = "string";
    out.remove_if_not_present = !out.required;
    draft_.add(ArgumentGroup::security, out);
    return out.name;
  }

  FunctionDraft& draft_;
  Need need_;
};

void add_alternative(FunctionDraft& draft, Alternative schemes, Need need) {
  // The one for the Authorization header goes first, so that keys make room for it.
  const auto first = std::ranges::find_if(schemes, uses_authorization);
  if (first != schemes.end()) std::rotate(schemes.begin(), first, first + 1);
  SecurityWriter writer(draft, need);
  for (const auto& scheme : schemes) writer.add(scheme);
}

// Schemes that nothing refers to: whoever wrote the document meant them to be used somewhere.
void add_unreferenced(FunctionDraft& draft, const OpenApiDocument& document) {
  for (const auto& [name, source] :
       object_member(object_member(document.root(), "components"), "securitySchemes")) {
    auto scheme = scheme_from(document, name, source);
    if (scheme) return add_alternative(draft, {std::move(*scheme)}, Need::optional);
  }
}

}  // namespace

void add_security(FunctionDraft& draft, const OpenApiDocument& document, const JsonObject& operation) {
  const auto& owner = operation.contains("security") ? operation : document.root();
  if (!owner.contains("security")) {
    if (!document.uses_security()) add_unreferenced(draft, document);
    return;
  }
  const auto& requirements = array_member(owner, "security");
  std::optional<Alternative> chosen;
  auto need = Need::required;
  for (const auto& requirement : requirements) {
    const auto* object = requirement.if_object();
    if (!object) throw Failure(ErrorKind::bad_request, "`security` must list objects");
    if (object->empty())
      need = Need::optional;
    else if (!chosen)
      chosen = alternative_from(document, *object);
  }
  if (chosen) return add_alternative(draft, std::move(*chosen), need);
  if (requirements.empty() || need == Need::optional) return;
  throw Failure(
      ErrorKind::bad_request,
      "none of its security schemes is supported: known are http basic, http bearer, apiKey, oauth2 and "
      "openIdConnect");
}

}  // namespace poly::training
