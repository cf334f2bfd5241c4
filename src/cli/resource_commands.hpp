// What is the same for every kind of thing: list, get, delete, and how an added one is shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "cli/resource_kind.hpp"
#include "cli/shell.hpp"
#include "spec/resource.hpp"

namespace poly::cli {

// `list`, `get` and `delete`, below the group of the kind.
void add_list_command(const Command& group, Shell& shell, const ResourceKind& kind);
void add_get_command(const Command& group, Shell& shell, const ResourceKind& kind);
void add_delete_command(const Command& group, Shell& shell, const ResourceKind& kind);

// Asks a person; without a terminal, or with `yes`, the answer is yes. Throws Failure{bad_request} on a no.
enum class Confirmation { ask, given };
void confirm_deletion(Shell& shell, std::string_view what, Confirmation confirmation);

// The result of an `add`: what the server answered, which must say its id.
void print_added(Shell& shell, std::string_view word, const Json& made);

// The options that everything with a context has.
struct HeadOptions {
  std::string name;
  std::string context;
  std::optional<std::string> description;
  std::optional<spec::Visibility> visibility;

  void declare(const Command& command);
  JsonObject members() const;
};

}  // namespace poly::cli
