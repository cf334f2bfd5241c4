// Rows of text in aligned columns, for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poly::cli {

inline constexpr std::size_t cell_characters_max = 80;  // longer text ends in …

class Table final {
 public:
  explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}

  // One cell for each title. Line breaks become spaces, control characters are dropped.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  // One line for the titles and one for each row, each ending in a line break; no blanks at line ends.
  std::string text() const;

 private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace poly::cli
