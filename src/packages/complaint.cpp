#include "packages/complaint.hpp"

#include <algorithm>
#include <array>

namespace poly::packages {
namespace {

constexpr std::size_t said_bytes_max = 2'000;
constexpr auto disk_is_full = std::to_array<std::string_view>(
    {"ENOSPC", "No space left on device", "EFBIG", "File too large", "SIGXFSZ", "File size limit exceeded"});

bool contains_one_of(std::string_view text, auto& words) {
  return std::ranges::any_of(words, [text](auto word) { return text.find(word) != std::string_view::npos; });
}

std::string without_space_around(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(line.substr(first, line.find_last_not_of(" \t\r") + 1 - first));
}

// The lines that matter, one after the other; all of them when none looks as it should.
std::string lines_that_matter(std::string_view output, const Dialect& dialect, std::string_view beginning) {
  std::string said;
  while (!output.empty()) {
    const auto line = output.substr(0, output.find('\n'));
    output.remove_prefix(std::min(line.size() + 1, output.size()));
    if (!line.starts_with(beginning) || contains_one_of(line, dialect.left_out)) continue;
    const auto words = without_space_around(line.substr(beginning.size()));
    if (!words.empty()) said += (said.empty() ? "" : "; ") + words;
  }
  return said;
}

Failure complaint(const ToolEnd& ended, const Dialect& dialect) {
  if (!dialect.absent.empty() && ended.output.find(dialect.absent) != std::string::npos)
    return {ErrorKind::unavailable, std::string(dialect.advice)};
  auto said = lines_that_matter(ended.output, dialect, dialect.beginning);
  if (said.empty()) said = lines_that_matter(ended.output, dialect, "");
  if (said.empty()) said = std::string(dialect.tool) + " " + ended.end;
  if (said.size() > said_bytes_max) said = said.substr(0, said_bytes_max) + " …";
  const auto told = std::string(dialect.tool) + ": " + said;
  // A tool may be ended before it can say why.
  if (contains_one_of(ended.output, disk_is_full) || contains_one_of(ended.end, disk_is_full)) {
    return {ErrorKind::unavailable,
            "the packages cannot be installed: the disk is full or a file is too large; " + told};
  }
  if (contains_one_of(ended.output, dialect.unreachable)) {
    return {ErrorKind::upstream, "the packages cannot be installed: the registry does not answer; " + told};
  }
  return {ErrorKind::bad_request, "the packages cannot be installed: " + told};
}

}  // namespace

Task<void> run_well(Toolbox& tools, std::vector<std::string> words, WorkFolders folders,
                    const Dialect& dialect) {
  auto running = tools.run(std::move(words), std::move(folders));
  const auto ended = co_await std::move(running);
  if (!ended.well) throw complaint(ended, dialect);
}

}  // namespace poly::packages
