// What an SDK has to know of a variable beside its type.
#pragma once

#include "sdk/entry.hpp"

namespace poly::sdk {

// A secret can be handed on by reference but never read. Older servers say `secret`, newer ones `secrecy`.
inline bool is_secret(const Entry& entry) {
  const auto* variable = entry.object("variable");
  if (!variable) return false;
  const auto* flag = variable->if_contains("secret");
  return text_of(*variable, "secrecy") == "SECRET" || (flag && flag->is_bool() && flag->get_bool());
}

}  // namespace poly::sdk
