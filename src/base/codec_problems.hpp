// What was wrong in JSON that was read, each with its path.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace poly::codec {

std::string_view kind_name(const Json& value);  // "string", "number", "null" …

// Where the reader stands and everything that was wrong so far.
class Problems {
 public:
  static constexpr std::size_t problems_max = 20;

  std::size_t push(std::string_view member);
  std::size_t push(std::size_t index);
  void pop(std::size_t mark) { path_.resize(mark); }
  void add(std::string_view reason);
  void expected(std::string_view what, const Json& got);
  bool none() const { return lines_.empty(); }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::string path_ = "$";
  std::vector<std::string> lines_;
};

// All of them as one bad request.
Error wrong_fields(Problems problems);

}  // namespace poly::codec
