#include "process/launch/plan.hpp"

#include <charconv>
#include <cstring>
#include <string_view>

namespace poly::launch {
namespace {

struct Number {
  std::string_view name;
  unsigned long long Plan::* field;
};
constexpr Number numbers[] = {
    {"data", &Plan::data_bytes_max},
    {"open-files", &Plan::open_files_max},
    {"file-bytes", &Plan::file_bytes_max},
    {"processes", &Plan::processes_max},
    {"scratch-bytes", &Plan::scratch_bytes_max},
};

struct Flag {
  std::string_view name;
  bool Plan::* field;
};
constexpr Flag flags[] = {
    {"namespaces", &Plan::namespaces},
    {"landlock", &Plan::landlock},
    {"seccomp", &Plan::seccomp},
    {"network", &Plan::network},
};

template <class Value>
bool read_number(std::string_view text, Value& value) {
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && stop == text.data() + text.size();
}

bool read_flag(std::string_view text, bool& flag) {
  flag = text == "yes";
  return flag || text == "no";
}

bool take(Plan& plan, std::string_view name, const char* value) {
  for (const auto& number : numbers) {
    if (name == number.name) return read_number(value, plan.*number.field);
  }
  for (const auto& flag : flags) {
    if (name == flag.name) return read_flag(value, plan.*flag.field);
  }
  if (name == "user") return read_number(value, plan.user);
  if (*value != '/') return false;  // all others are paths
  if (name == "read") return plan.readable.add(value);
  if (name == "write") return plan.writable.add(value);
  if (name == "cgroup") return plan.cgroups.add(value);
  if (name == "scratch") plan.scratch = value;
  return name == "scratch";
}

}  // namespace

Outcome take_argument(Plan& plan, const char* argument) {
  const char* equals = std::strchr(argument, '=');
  errno = EINVAL;
  if (!equals) return failed("argument", argument);
  const std::string_view name(argument, static_cast<std::size_t>(equals - argument));
  if (!take(plan, name, equals + 1)) return failed("argument", argument);
  return {};
}

Outcome take_lines(Plan& plan, char* lines) {
  char* rest = nullptr;
  for (char* line = strtok_r(lines, "\n", &rest); line; line = strtok_r(nullptr, "\n", &rest)) {
    if (auto taken = take_argument(plan, line); !taken) return taken;
  }
  return {};
}

}  // namespace poly::launch
