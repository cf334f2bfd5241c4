#include "training/function_changes.hpp"

#include <algorithm>
#include <map>

namespace poly::training {
namespace {

using spec::ApiArgument;
using spec::ApiFunction;
using spec::Direction;
using spec::SchemaChange;

// The schema, or one that says what the short type says.
Json schema_of(const std::string& type, const JsonText& schema) {
  if (!schema.empty()) return schema.parsed();
  if (type == "any") return JsonObject{};
  return JsonObject{{"type", type}};
}

const ApiArgument* find_argument(const ApiFunction& function, std::string_view name) {
  const auto found = std::ranges::find(function.arguments, name, &ApiArgument::name);
  return found == function.arguments.end() ? nullptr : &*found;
}

// A caller must give it.
bool is_needed(const ApiArgument& argument) {
  return argument.required && !argument.variable;
}

// The names that callers give by position, in order, of those that both functions have.
std::vector<std::string> order_of(const ApiFunction& function, const ApiFunction& other) {
  std::vector<std::string> names;
  for (const auto& argument : function.arguments) {
    if (!argument.payload && find_argument(other, argument.name)) names.push_back(argument.name);
  }
  return names;
}

class Comparison {
 public:
  Comparison(const ApiFunction& before, const ApiFunction& after) : before_(before), after_(after) {}

  std::vector<SchemaChange> run() && {
    compare_arguments();
    compare_results();
    compare_request();
    if (changes_.empty() && before_ != after_) add("description or settings changed", false);
    return std::move(changes_);
  }

 private:
  void add(std::string what, bool breaking) { changes_.push_back({std::move(what), breaking}); }

  void add_all(std::vector<SchemaChange> changes) {
    std::ranges::move(changes, std::back_inserter(changes_));
  }

  void compare_arguments() {
    for (const auto& was : before_.arguments) {
      const auto* is = find_argument(after_, was.name);
      if (is)
        compare_argument(was, *is);
      else
        add("argument '" + was.name + "' went away", true);
    }
    for (std::size_t i = 0; i < after_.arguments.size(); ++i) {
      const auto& argument = after_.arguments[i];
      if (find_argument(before_, argument.name)) continue;
      const bool needed = is_needed(argument);
      add("argument '" + argument.name + "' is new, " + (needed ? "required" : "optional"), needed);
    }
    compare_order();
  }

  void compare_argument(const ApiArgument& was, const ApiArgument& is) {
    const auto name = "argument '" + was.name + "'";
    if (is_needed(was) != is_needed(is))
      add(name + (is_needed(is) ? " is now required" : " is now optional"), is_needed(is));
    if (was.payload != is.payload)
      add(name + (is.payload ? " is now part of the payload" : " is no part of the payload any more"), true);
    add_all(spec::schema_changes(schema_of(was.type, was.type_schema), schema_of(is.type, is.type_schema),
                                 Direction::taken, name));
  }

  // Functions of the SDKs take them by position: one that moves, or comes between, moves the others.
  void compare_order() {
    if (order_of(before_, after_) != order_of(after_, before_)) {
      add("the order of the arguments changed", true);
      return;
    }
    std::size_t last_known = 0;
    for (std::size_t i = 0; i < after_.arguments.size(); ++i) {
      if (find_argument(before_, after_.arguments[i].name)) last_known = i + 1;
    }
    for (std::size_t i = 0; i < last_known; ++i) {
      const auto& argument = after_.arguments[i];
      if (argument.payload || find_argument(before_, argument.name) || is_needed(argument)) continue;
      add("argument '" + argument.name + "' stands before others", true);
    }
  }

  void compare_results() {
    add_all(spec::schema_changes(schema_of(before_.return_type, before_.return_type_schema),
                                 schema_of(after_.return_type, after_.return_type_schema), Direction::given,
                                 "result"));
    std::map<std::string, const spec::OtherReturnType*> was, is;
    for (const auto& other : before_.other_return_types) was[other.status_code] = &other;
    for (const auto& other : after_.other_return_types) is[other.status_code] = &other;
    for (const auto& [status, type] : was) {
      const auto found = is.find(status);
      if (found == is.end())
        add("status " + status + " has no type any more", false);
      else
        add_all(spec::schema_changes(schema_of(type->type, type->schema),
                                     schema_of(found->second->type, found->second->schema), Direction::given,
                                     "result of status " + status));
    }
    for (const auto& [status, type] : is) {
      if (!was.contains(status)) add("status " + status + " has a type now", false);
    }
  }

  // What callers do not see, but those who operate it want to know.
  void compare_request() {
    const auto& was = before_.source;
    const auto& is = after_.source;
    if (was.method != is.method) add("method: now " + is.method + ", was " + was.method, false);
    if (was.url != is.url) add("url: now " + is.url + ", was " + was.url, false);
    if (was.headers != is.headers) add("its headers changed", false);
    if (was.auth != is.auth) add("its authentication changed", false);
    if (was.body != is.body) add("its body changed", false);
    if (was.tls != is.tls) add("its client certificate changed", false);
    if (before_.policy != after_.policy) add("its policy changed", false);
    if (before_.head.visibility != after_.head.visibility || before_.head.state != after_.head.state)
      add("its visibility or state changed", false);
  }

  const ApiFunction& before_;
  const ApiFunction& after_;
  std::vector<SchemaChange> changes_;
};

}  // namespace

std::vector<SchemaChange> function_changes(const ApiFunction& before, const ApiFunction& after) {
  return Comparison(before, after).run();
}

}  // namespace poly::training
