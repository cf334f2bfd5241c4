// Who calls: a key, and through it the tenant and environment that the call belongs to.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/time.hpp"
#include "identity/permission.hpp"

namespace poly::identity {

enum class Role { user, admin };

struct Tenant {
  TenantId id;
  std::string name;
};

struct Environment {
  EnvironmentId id;
  TenantId tenant;
  std::string name;
};

struct User {
  UserId id;
  TenantId tenant;
  std::string name;
  Role role = Role::user;
};

struct ApiKey {
  ApiKeyId id;
  EnvironmentId environment;
  UserId user;
  std::string name;
  PermissionSet permissions;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
};

// All that a request needs to know of its caller, resolved once per key.
struct Identity {
  Tenant tenant;
  Environment environment;
  User user;
  ApiKey key;

  bool may(Permission permission) const { return key.permissions.has(permission); }
};

using IdentityPointer = std::shared_ptr<const Identity>;

// A keyless hash of the key's text: keys are random UUIDs, so nothing is gained by slowing it down.
using KeyHash = std::array<unsigned char, 32>;
KeyHash hash_of_key(std::string_view key);

}  // namespace poly::identity

template <>
inline constexpr auto poly::enum_words<poly::identity::Role> =
    std::to_array<poly::EnumWord<poly::identity::Role>>({
        {poly::identity::Role::user, "USER"},
        {poly::identity::Role::admin, "ADMIN"},
    });
