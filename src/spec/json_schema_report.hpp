// The reasons why a value does not fit, with the path of each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "spec/json_schema_program.hpp"

namespace poly::spec::json_schema {

class Report final {
 public:
  Report(std::string_view root_path, std::size_t limit)
      : path_(root_path), root_size_(root_path.size()), limit_(limit) {}

  // Go down, and back to the mark.
  std::size_t push_member(std::string_view key);
  std::size_t push_item(std::size_t index);
  std::size_t push_name(std::string_view key);
  void pop(std::size_t mark) { path_.resize(mark); }

  // How wrong a reason is when alternatives are compared: the branch of another type or another tag is far
  // away.
  enum class Weight : std::size_t { detail = 1, tag = 10, whole_value = 100 };
  void add(std::string_view reason, Weight weight);
  // A whole line of another report, as it is.
  void add_line(std::string line);

  const std::string& path() const { return path_; }
  std::size_t limit() const { return limit_; }
  std::size_t distance() const { return distance_; }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::string path_;
  std::size_t root_size_;
  std::size_t limit_;
  std::size_t distance_ = 0;
  std::vector<std::string> lines_;
};

// The reason in words, for each step that refuses by itself.
std::string describe(const TypeIs& step, const Json& got);
std::string describe(const IsOneOf& step);
std::string describe(const Bound& step);
std::string describe(const MultipleOf& step);
std::string describe(const Count& step, std::size_t got);
std::string describe_unknown(const Members& step);
// "2 (Dog)" for the second branch, titled Dog.
std::string describe_branch(const std::vector<Branch>& branches, std::size_t index);

}  // namespace poly::spec::json_schema
