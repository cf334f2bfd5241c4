#include "gateway/variable_routes.hpp"

#include "catalog/variable_change.hpp"
#include "catalog/variables.hpp"
#include "http/content_type.hpp"
#include "http/percent.hpp"

namespace poly::gateway {
namespace {

using catalog::Draft;
using catalog::Resource;
using catalog::ResourcePointer;
using identity::Permission;
using spec::Secrecy;

struct VariableRequest {
  spec::Variable variable;
  std::optional<bool> secret;  // older clients
  std::optional<Json> value;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    spec::Variable::fields(self.variable, field);
    field.optional("secret", self.secret);
    field.optional("value", self.value);
  }
};

Access readers() {
  return Access::one_of(
      {Permission::execute, Permission::manage_non_secret_variables, Permission::manage_secret_variables});
}
Access writers() {
  return Access::one_of({Permission::manage_non_secret_variables, Permission::manage_secret_variables});
}

void require_may_change(const Context& context, Secrecy secrecy) {
  const auto needed = secrecy == Secrecy::secret ? Permission::manage_secret_variables
                                                 : Permission::manage_non_secret_variables;
  if (context.identity->may(needed)) return;
  throw Failure(ErrorKind::forbidden, "this API key has no permission " + std::string(word_of(needed)));
}

// A form body (`value=…`) is what one client sends to change a value: the value is JSON when it parses as
// such, else text.
Json body_of(const Context& context) {
  if (!http::is_form(context.request.headers.get("content-type"))) return context.json();
  JsonObject body;
  for (const auto& [key, value] : http::parse_query(context.request.body)) {
    auto parsed = parse_json(value, "value");
    body[key] = parsed ? std::move(*parsed) : Json(value);
  }
  return body;
}

// JSON, or the bare text of a string.
http::Response value_reply(const Json& value) {
  if (const auto* text = value.if_string()) {
    http::Response response;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.body = *text;
    return response;
  }
  return json_reply(value);
}

void require_readable(const Resource& variable) {
  if (variable.as<spec::Variable>().secrecy != Secrecy::secret) return;
  throw Failure(ErrorKind::forbidden,
                "'" + variable.path() + "' is a secret: its value cannot be read, only injected into a call");
}

}  // namespace

VariableRoutes::VariableRoutes(catalog::Catalog& catalog, vault::Vault& vault, Executor control,
                               IdSource& ids)
    : catalog_(catalog), vault_(vault), ids_(ids), resources_(catalog, control, describe()) {}

ResourceDescription VariableRoutes::describe() {
  ResourceDescription description;
  description.kind = spec::Kind::variable;
  description.collection = "/variables";
  description.noun = "Variable";
  description.read = readers();
  description.write = writers();
  description.body_bytes_max = vault::value_bytes_max + (64 << 10);
  description.request_schema = schema_of<VariableRequest>();
  description.decode = [this](Context context, ResourcePointer current) {
    return decode(std::move(context), std::move(current));
  };
  description.add_basic = [](JsonObject& basic, const Resource& resource) {
    const auto secrecy = resource.as<spec::Variable>().secrecy;
    basic["secrecy"] = word_of(secrecy);
    basic["secret"] = secrecy == Secrecy::secret;
  };
  description.require_may_remove = [](const Context& context, const Resource& resource) {
    require_may_change(context, resource.as<spec::Variable>().secrecy);
  };
  description.add_detail = [this](JsonObject& detail, const Resource& resource) {
    add_value(detail, resource);
  };
  return description;
}

void VariableRoutes::add_to(RouteTable& routes) {
  routes.add({.method = http::Method::get,
              .path = "/variables/{id}/value",
              .access = readers(),
              .operation = "getVariableValue",
              .summary = "The bare value of a variable: JSON, or the text of a string",
              .handle = [this](Context context) { return value(std::move(context)); }});
  for (const auto* path : {"/variables/context/values", "/variables/context/{path}/values"}) {
    routes.add({.method = http::Method::get,
                .path = path,
                .access = readers(),
                .operation = std::string_view(path).find('{') == std::string_view::npos
                                 ? "getAllVariableValues"
                                 : "getContextVariableValues",
                .summary = "The values of all readable variables of a context, nested by its segments",
                .handle = [this](Context context) { return values_below(std::move(context)); }});
  }
  resources_.add_to(routes);
}

Task<Draft> VariableRoutes::decode(Context context, ResourcePointer current) {
  const auto body = body_of(context);
  if (!body.is_object()) throw Failure(ErrorKind::bad_request, "$: expected object");
  VariableRequest request;
  if (current) {
    request.variable = current->as<spec::Variable>();
    require_may_change(context, request.variable.secrecy);
    request = value_or_throw(decode_over(std::move(request), body));
  } else {
    request = value_or_throw(poly::decode<VariableRequest>(body));
    if (!body.get_object().contains("value")) throw Failure(ErrorKind::bad_request, "$.value: is missing");
  }
  if (request.secret && !body.get_object().contains("secrecy")) {
    request.variable.secrecy = *request.secret ? Secrecy::secret : Secrecy::none;
  }
  require_names(request.variable.head);
  require_may_change(context, request.variable.secrecy);
  const auto* value = body.get_object().if_contains("value");
  if (!value) {
    if (current->as<spec::Variable>().secrecy == Secrecy::secret &&
        request.variable.secrecy != Secrecy::secret) {
      throw Failure(ErrorKind::bad_request,
                    "$.value: a secret can only stop being one together with a new value");
    }
    Draft draft;
    draft.definition = std::move(request.variable);
    co_return draft;
  }
  const auto environment = current ? current->environment : context.identity->environment.id;
  const auto id = current ? current->id : ids_.make<ResourceId>();
  auto preparing = vault_.prepare(environment);
  co_await std::move(preparing);
  co_return catalog::with_value(std::move(request.variable), id, environment, *value, vault_);
}

void VariableRoutes::add_value(JsonObject& detail, const Resource& resource) const {
  const auto& variable = resource.as<spec::Variable>();
  if (variable.expires_at) detail["expiresAt"] = to_iso(*variable.expires_at);
  if (variable.value_type) detail["valueType"] = encode(*variable.value_type);
  if (variable.secrecy != Secrecy::secret) detail["value"] = catalog::open_variable(vault_, resource);
}

Task<http::Response> VariableRoutes::value(Context context) {
  const auto variable = resources_.find(context, context.parameters[0]);
  require_readable(*variable);
  co_return value_reply(catalog::open_variable(vault_, *variable));
}

Task<http::Response> VariableRoutes::values_below(Context context) {
  const auto prefix = context.parameters.empty() ? std::string() : context.parameters[0] + ".";
  const auto snapshot = catalog_.here();
  JsonObject values;
  for (const auto& variable : snapshot->list(viewpoint_of(context), spec::Kind::variable)) {
    if (variable->as<spec::Variable>().secrecy == Secrecy::secret) continue;
    const auto path = variable->path();
    if (!path.starts_with(prefix)) continue;
    JsonObject* at = &values;
    std::string_view rest = std::string_view(path).substr(prefix.size());
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      auto& next = (*at)[rest.substr(0, dot)];
      if (!next.is_object()) next.emplace_object();
      at = &next.get_object();
      rest.remove_prefix(dot + 1);
    }
    (*at)[rest] = catalog::open_variable(vault_, *variable);
  }
  co_return json_reply(values);
}

}  // namespace poly::gateway
