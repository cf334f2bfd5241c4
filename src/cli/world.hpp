// What a command gets from outside: streams, environment, folders. Handed in, so that tests run commands
// without a process of their own.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace poly::cli {

enum class StreamKind { terminal, other };

// The streams of the program, and questions to a person.
class Terminal {
 public:
  virtual ~Terminal() = default;

  virtual std::istream& in() = 0;
  virtual std::ostream& out() = 0;
  virtual std::ostream& err() = 0;
  virtual StreamKind in_kind() const = 0;
  virtual StreamKind out_kind() const = 0;
  virtual StreamKind err_kind() const = 0;

  // One line typed by a person who does not see it.
  virtual Secret read_hidden_line(std::string_view prompt) = 0;
};

struct World {
  Terminal& terminal;
  std::map<std::string, std::string, std::less<>> environment;
  std::filesystem::path folder;  // the current one

  // The value of an environment variable; an empty one counts as absent.
  const std::string* setting(std::string_view name) const {
    const auto found = environment.find(name);
    return found == environment.end() || found->second.empty() ? nullptr : &found->second;
  }
};

}  // namespace poly::cli
