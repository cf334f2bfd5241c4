#include "gateway/identity_routes.hpp"

#include "gateway/query_value.hpp"
#include "gateway/reply.hpp"
#include "gateway/route_adder.hpp"

namespace poly::gateway {
namespace {

using identity::Identity;
using identity::Permission;

struct KeyRequest {
  std::string name;
  std::map<std::string, bool> permissions;
  std::optional<Timestamp> expires_at;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.required("permissions", self.permissions);
    field.optional("expiresAt", self.expires_at);
  }
};

JsonObject key_form(const Identity& identity) {
  JsonObject out{{"id", identity.key.id.text()},
                 {"name", identity.key.name},
                 {"createdAt", to_iso(identity.key.created_at)},
                 {"expiresAt", nullptr},
                 {"permissions", encode(identity.key.permissions.flags())}};
  if (identity.key.expires_at) out["expiresAt"] = to_iso(*identity.key.expires_at);
  return out;
}

// A key cannot give what it does not have.
void require_no_more_than(const identity::PermissionSet& own, const identity::PermissionSet& wanted) {
  for (const auto& entry : enum_words<Permission>) {
    if (!wanted.has(entry.value) || own.has(entry.value)) continue;
    throw Failure(ErrorKind::forbidden,
                  "$.permissions." + std::string(entry.word) + ": the key that asks does not have it itself");
  }
}

}  // namespace

void IdentityRoutes::add_to(RouteTable& routes) {
  const RouteAdder add_for_all(routes, *this, Access::any_key());
  add_for_all(http::Method::get, "/auth", "getAuth", "Tenant, environment and permissions of the key",
              &IdentityRoutes::auth);
  const RouteAdder add(routes, *this, Access::needs(Permission::manage_users));
  add(http::Method::get, "/api-keys", "listApiKeys", "The keys of the environment, without their text",
      &IdentityRoutes::list_keys);
  add.add({.method = http::Method::post,
           .path = "/api-keys",
           .operation = "createApiKey",
           .summary = "A new key; its text is in this answer and never again",
           .request_schema = schema_of<KeyRequest>(),
           .success_status = 201},
          &IdentityRoutes::add_key);
  add(http::Method::delete_, "/api-keys/{id}", "deleteApiKey", "Ends a key at once",
      &IdentityRoutes::remove_key);
}

Task<http::Response> IdentityRoutes::auth(Context context) {
  const auto& identity = *context.identity;
  JsonObject tenant{{"id", identity.tenant.id.text()}, {"name", identity.tenant.name}};
  JsonObject environment{{"id", identity.environment.id.text()}, {"name", identity.environment.name}};
  JsonObject user{
      {"id", identity.user.id.text()}, {"name", identity.user.name}, {"role", word_of(identity.user.role)}};
  co_return json_reply(
      JsonObject{{"apiKeyId", identity.key.id.text()},
                 {"apiKeyName", identity.key.name},
                 {"createdAt", to_iso(identity.key.created_at)},
                 {"expiresAt", identity.key.expires_at ? Json(to_iso(*identity.key.expires_at)) : Json()},
                 {"tenant", std::move(tenant)},
                 {"environment", std::move(environment)},
                 {"application", nullptr},
                 {"user", std::move(user)},
                 {"permissions", encode(identity.key.permissions.flags())}});
}

Task<http::Response> IdentityRoutes::list_keys(Context context) {
  JsonArray items;
  for (const auto& identity : directory_.keys_of(context.identity->environment.id))
    items.emplace_back(key_form(*identity));
  co_return list_reply(context, std::move(items));
}

Task<http::Response> IdentityRoutes::add_key(Context context) {
  const auto request = value_or_throw(decode<KeyRequest>(context.json()));
  if (request.name.empty()) throw Failure(ErrorKind::bad_request, "$.name: must not be empty");
  identity::NewKey wanted{request.name,
                          value_or_throw(identity::PermissionSet::of_flags(request.permissions)),
                          request.expires_at};
  require_no_more_than(context.identity->key.permissions, wanted.permissions);
  auto adding = directory_.add_key(context.identity, std::move(wanted));
  auto added = co_await run_on(control_, std::move(adding));
  auto out = key_form(*added.first);
  out["key"] = added.second.reveal();
  co_return json_reply(out, 201);
}

Task<http::Response> IdentityRoutes::remove_key(Context context) {
  const auto key = directory_.find(id_in_path<ApiKeyId>(context, 0));
  if (!key || key->environment.id != context.identity->environment.id) {
    throw Failure(ErrorKind::not_found, "there is no API key with the id " + context.parameters[0]);
  }
  auto removing = directory_.remove_key(key);
  co_await run_on(control_, std::move(removing));
  co_return empty_reply();
}

}  // namespace poly::gateway
