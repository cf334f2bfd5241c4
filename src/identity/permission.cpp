#include "identity/permission.hpp"

namespace poly::identity {
namespace {

constexpr std::string_view older_variables_flag = "manageVariables";

}  // namespace

PermissionSet PermissionSet::all() {
  PermissionSet set;
  for (const auto& entry : enum_words<Permission>) set.add(entry.value);
  return set;
}

std::map<std::string, bool> PermissionSet::flags() const {
  std::map<std::string, bool> flags;
  for (const auto& entry : enum_words<Permission>) flags.emplace(entry.word, has(entry.value));
  flags.emplace(older_variables_flag, has(Permission::manage_non_secret_variables));
  return flags;
}

Result<PermissionSet> PermissionSet::of_flags(const std::map<std::string, bool>& flags) {
  PermissionSet set;
  for (const auto& [name, granted] : flags) {
    const auto permission = name == older_variables_flag
                                ? std::optional(Permission::manage_non_secret_variables)
                                : enum_of<Permission>(name);
    if (!permission) {
      return fail(ErrorKind::bad_request,
                  "$.permissions." + name + ": is not one of " + words_listed<Permission>());
    }
    if (granted) set.add(*permission);
  }
  return set;
}

}  // namespace poly::identity
