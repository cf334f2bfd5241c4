// A variable: configuration or a secret (wire.md section 6). The value itself lives sealed in the vault.
#pragma once

#include <optional>
#include <string>

#include "spec/property_type.hpp"
#include "spec/resource.hpp"

namespace poly::spec {

enum class Secrecy {
  none,
  obscured,  // readable through the API, masked in user interfaces and logs
  secret,    // never readable; only injected by reference
};

struct Variable {
  Head head;
  Secrecy secrecy = Secrecy::none;
  std::optional<Timestamp> expires_at;
  std::optional<PropertyType> value_type;  // made from the value

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    field.optional("secrecy", self.secrecy);
    field.optional("expiresAt", self.expires_at);
    field.optional("valueType", self.value_type);
  }
  bool operator==(const Variable&) const = default;
};

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::Secrecy> = std::to_array<poly::EnumWord<poly::spec::Secrecy>>({
    {poly::spec::Secrecy::none, "NONE"},
    {poly::spec::Secrecy::obscured, "OBSCURED"},
    {poly::spec::Secrecy::secret, "SECRET"},
});
