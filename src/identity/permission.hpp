// What a key may do (wire.md section 2).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/codec.hpp"

namespace poly::identity {

enum class Permission : std::uint8_t {
  execute,
  library_generate,
  use_applications,
  manage_api_functions,
  manage_webhooks,
  manage_triggers,
  custom_dev,
  manage_graphql_subscriptions,
  manage_applications,
  manage_schemas,
  auth_config,
  manage_snippets,
  manage_non_secret_variables,
  manage_secret_variables,
  manage_jobs,
  manage_users,
  manage_tenant,
  manage_tables,
  query_tables,
  manage_ai_functions,
};

class PermissionSet {
 public:
  PermissionSet() = default;
  PermissionSet(std::initializer_list<Permission> permissions) {
    for (const auto permission : permissions) add(permission);
  }
  static PermissionSet all();

  void add(Permission permission) { bits_ |= bit(permission); }
  void remove(Permission permission) { bits_ &= ~bit(permission); }
  bool has(Permission permission) const { return (bits_ & bit(permission)) != 0; }
  bool operator==(const PermissionSet&) const = default;

  // Every flag by its name, and the older `manageVariables` for clients that look for it.
  std::map<std::string, bool> flags() const;
  // The other way: a flag that is not known is refused by name.
  static Result<PermissionSet> of_flags(const std::map<std::string, bool>& flags);

 private:
  static std::uint32_t bit(Permission permission) { return 1U << static_cast<unsigned>(permission); }
  std::uint32_t bits_ = 0;
};

}  // namespace poly::identity

template <>
inline constexpr auto poly::enum_words<poly::identity::Permission> =
    std::to_array<poly::EnumWord<poly::identity::Permission>>({
        {poly::identity::Permission::execute, "execute"},
        {poly::identity::Permission::library_generate, "libraryGenerate"},
        {poly::identity::Permission::use_applications, "useApplications"},
        {poly::identity::Permission::manage_api_functions, "manageApiFunctions"},
        {poly::identity::Permission::manage_webhooks, "manageWebhooks"},
        {poly::identity::Permission::manage_triggers, "manageTriggers"},
        {poly::identity::Permission::custom_dev, "customDev"},
        {poly::identity::Permission::manage_graphql_subscriptions, "manageGraphQLSubscriptions"},
        {poly::identity::Permission::manage_applications, "manageApplications"},
        {poly::identity::Permission::manage_schemas, "manageSchemas"},
        {poly::identity::Permission::auth_config, "authConfig"},
        {poly::identity::Permission::manage_snippets, "manageSnippets"},
        {poly::identity::Permission::manage_non_secret_variables, "manageNonSecretVariables"},
        {poly::identity::Permission::manage_secret_variables, "manageSecretVariables"},
        {poly::identity::Permission::manage_jobs, "manageJobs"},
        {poly::identity::Permission::manage_users, "manageUsers"},
        {poly::identity::Permission::manage_tenant, "manageTenant"},
        {poly::identity::Permission::manage_tables, "manageTables"},
        {poly::identity::Permission::query_tables, "queryTables"},
        {poly::identity::Permission::manage_ai_functions, "manageAiFunctions"},
    });
