// One route of the API: what it answers to, who may call it, how it is described. The OpenAPI document is
// made from the same entries.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/task.hpp"
#include "http/message.hpp"
#include "identity/identity.hpp"

namespace poly::gateway {

inline constexpr std::size_t body_bytes_default = 1 << 20;
inline constexpr std::size_t body_bytes_execute = 10 << 20;
inline constexpr std::size_t body_bytes_document = 64 << 20;

// Who may call a route.
class Access {
 public:
  static Access open() { return Access(Kind::open, {}); }  // no key needed
  static Access any_key() { return Access(Kind::any_key, {}); }
  // A key with at least one of these. Which of them a request needs may depend on its body.
  static Access one_of(std::initializer_list<identity::Permission> permissions) {
    return Access(Kind::permission, permissions);
  }
  static Access needs(identity::Permission permission) { return one_of({permission}); }

  bool needs_key() const { return kind_ != Kind::open; }
  bool allows(const identity::PermissionSet& granted) const;
  const std::vector<identity::Permission>& permissions() const { return permissions_; }

 private:
  enum class Kind { open, any_key, permission };
  Access(Kind kind, std::vector<identity::Permission> permissions)
      : kind_(kind), permissions_(std::move(permissions)) {}

  Kind kind_;
  std::vector<identity::Permission> permissions_;
};

enum class ApiVersion { v1 = 1, v2 = 2 };

// A request that found its route, with its caller.
struct Context {
  http::Request request;
  identity::IdentityPointer identity;   // null on open routes called without a key
  std::vector<std::string> parameters;  // what stood in the braces of the path, decoded, in order
  std::vector<std::pair<std::string, std::string>> query;
  ApiVersion version = ApiVersion::v1;
  // Members that the work adds to its answer, besides what is then there; null when nobody asks for them.
  std::shared_ptr<JsonObject> remarks = nullptr;
  // Hears in words how the work goes on, from any loop; empty when nobody asks.
  std::function<void(std::string_view)> tell = nullptr;

  std::string_view query_value(std::string_view name) const;  // "" when absent
  bool query_flag(std::string_view name) const { return query_value(name) == "true"; }
  // The body as JSON; throws bad_request.
  Json json() const;
};

using RouteHandler = std::function<Task<http::Response>(Context)>;

struct Route {
  http::Method method = http::Method::get;
  std::string path;  // `/variables/{id}/value`; a last `{rest...}` takes any number of segments
  Access access = Access::any_key();
  std::string operation;  // unique, for the OpenAPI document and metrics
  std::string summary;
  RouteHandler handle;
  RouteHandler handle_without_key;  // answers callers without a key, instead of 401; usually nothing
  std::size_t body_bytes_max = body_bytes_default;
  Json request_schema;   // null: no JSON body is described
  Json response_schema;  // null: not described
  int success_status = 200;
};

}  // namespace poly::gateway
