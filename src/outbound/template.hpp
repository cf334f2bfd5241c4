// Text with `{{name}}` holes, cut into pieces once.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace poly::outbound {

// The arguments of one call by name; a payload argument stands here under its own name.
class Arguments final {
 public:
  explicit Arguments(const JsonObject& values);

  // Null when it was not given (an explicit null counts as given).
  const Json* find(std::string_view name) const;

 private:
  const JsonObject& values_;
  const JsonObject* payload_ = nullptr;
};

// A value as people write it: text as it is, other things as JSON.
std::string plain_text(const Json& value);

class Template final {
 public:
  struct Piece {
    std::string text;  // literal text, or the name of an argument
    bool argument = false;
  };

  // `{{ name }}` is a hole; braces that do not close are literal text.
  static Template parse(std::string_view text);

  const std::vector<Piece>& pieces() const { return pieces_; }
  bool is_one_argument() const { return pieces_.size() == 1 && pieces_.front().argument; }
  std::vector<std::string> names() const;

  // Each argument through `write`; one that was not given is an empty text.
  std::string render(const Arguments& arguments, const std::function<std::string(const Json&)>& write) const;

 private:
  std::vector<Piece> pieces_;
};

}  // namespace poly::outbound
