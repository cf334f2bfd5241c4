#include "cli/table.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace poly::cli {
namespace {

constexpr std::size_t gap = 2;

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, starts_character));
}

// Text from a server must not move the cursor or colour the screen.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t';
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (blank) {
      out.push_back(' ');
    } else if (!control) {
      out.push_back(c);
    }
  }
  return out;
}

std::string shortened(std::string text) {
  if (characters(text) <= cell_characters_max) return text;
  std::size_t seen = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    if (starts_character(text[end]) && ++seen == cell_characters_max) break;
    ++end;
  }
  text.resize(end);
  return text + "…";
}

void append_row(std::string& out, const std::vector<std::string>& cells,
                const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    line.append(widths[i] - characters(cells[i]) + gap, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  CHECK(cells.size() == titles_.size());
  for (auto& cell : cells) cell = shortened(printable(cell));
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& title : titles_) widths.push_back(characters(title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters(row[i]));
  }
  std::string out;
  append_row(out, titles_, widths);
  for (const auto& row : rows_) append_row(out, row, widths);
  return out;
}

}  // namespace poly::cli
