#include "training/document_text.hpp"

#include <algorithm>

#include "training/yaml.hpp"

namespace poly::training {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string place_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto line_start = before.rfind('\n');
  const auto column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

Result<Json> read_json(std::string_view text, boost::json::storage_ptr storage) {
  boost::json::parse_options options;
  options.max_depth = json_depth_max;
  boost::json::stream_parser parser(storage, options);
  boost::json::error_code problem;
  std::size_t read = parser.write_some(text.data(), text.size(), problem);
  if (!problem && read < text.size()) problem = boost::json::error::extra_data;
  if (!problem) parser.finish(problem);
  if (problem) {
    return fail(ErrorKind::bad_request,
                "The document is not valid JSON: " + problem.message() + " at " + place_of(text, read));
  }
  return parser.release();
}

}  // namespace

Result<Json> read_document(std::string_view text, boost::json::storage_ptr storage) {
  if (text.size() > document_bytes_max) {
    return fail(ErrorKind::too_large, "The document has " + std::to_string(text.size()) + " bytes; at most " +
                                          std::to_string(document_bytes_max) + " are read");
  }
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return fail(ErrorKind::bad_request, "The document is empty");
  if (text[start] == '{' || text[start] == '[') return read_json(text, std::move(storage));
  return parse_yaml(text, std::move(storage));
}

}  // namespace poly::training
