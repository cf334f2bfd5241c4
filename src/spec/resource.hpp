// What every resource of the catalog has, whatever its kind.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/codec.hpp"

namespace poly::spec {

enum class Kind { api_function, server_function, client_function, webhook, trigger, job, variable, schema, snippet };
enum class Visibility { environment, tenant, public_ };
enum class State { alpha, beta, stable, deprecated, disabled };

// Head of a resource: how it is named and shown. Triggers and jobs have no context.
struct Head {
  std::string name;
  std::string context;
  std::string description;
  Visibility visibility = Visibility::environment;
  State state = State::alpha;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.optional("context", self.context);
    field.optional("description", self.description);
    field.optional("visibility", self.visibility);
    field.optional("state", self.state);
  }
  bool operator==(const Head&) const = default;

  std::string path() const;  // `context.name`, or only the one that is there
};

std::string join_path(std::string_view context, std::string_view name);

// Segments of letters, digits and underscores that do not start with a digit, joined by single dots; "" is allowed.
Result<void> check_context(std::string_view context);
// One such segment. `what` names the field in the error.
Result<void> check_name(std::string_view name);

inline constexpr std::size_t name_length_max = 200;
inline constexpr std::size_t context_length_max = 500;

// "apiFunction", "serverFunction", "customFunction" …: the `type` of an entry of GET /specs.
std::string_view spec_type(Kind kind);
// "API function", "server function" …: for messages to people.
std::string_view human_name(Kind kind);

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::Visibility> = std::to_array<poly::EnumWord<poly::spec::Visibility>>({
    {poly::spec::Visibility::environment, "ENVIRONMENT"},
    {poly::spec::Visibility::tenant, "TENANT"},
    {poly::spec::Visibility::public_, "PUBLIC"},
});
template <>
inline constexpr auto poly::enum_words<poly::spec::State> = std::to_array<poly::EnumWord<poly::spec::State>>({
    {poly::spec::State::alpha, "ALPHA"},
    {poly::spec::State::beta, "BETA"},
    {poly::spec::State::stable, "STABLE"},
    {poly::spec::State::deprecated, "DEPRECATED"},
    {poly::spec::State::disabled, "DISABLED"},
});
// How kinds are stored.
template <>
inline constexpr auto poly::enum_words<poly::spec::Kind> = std::to_array<poly::EnumWord<poly::spec::Kind>>({
    {poly::spec::Kind::api_function, "apiFunction"},
    {poly::spec::Kind::server_function, "serverFunction"},
    {poly::spec::Kind::client_function, "clientFunction"},
    {poly::spec::Kind::webhook, "webhook"},
    {poly::spec::Kind::trigger, "trigger"},
    {poly::spec::Kind::job, "job"},
    {poly::spec::Kind::variable, "variable"},
    {poly::spec::Kind::schema, "schema"},
    {poly::spec::Kind::snippet, "snippet"},
});
