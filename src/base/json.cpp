#include "base/json.hpp"

#include <array>

namespace poly {
namespace {

constexpr std::size_t parse_stack_bytes = 2 << 10;

void append_indent(std::string& out, std::size_t depth) {
  out.append(depth * 2, ' ');
}

void append_pretty(std::string& out, const Json& value, std::size_t depth) {
  if (const auto* object = value.if_object(); object && !object->empty()) {
    out += "{\n";
    std::size_t left = object->size();
    for (const auto& [key, member] : *object) {
      append_indent(out, depth + 1);
      append_quoted(out, key);
      out += ": ";
      append_pretty(out, member, depth + 1);
      out += --left ? ",\n" : "\n";
    }
    append_indent(out, depth);
    out += "}";
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    out += "[\n";
    std::size_t left = array->size();
    for (const auto& element : *array) {
      append_indent(out, depth + 1);
      append_pretty(out, element, depth + 1);
      out += --left ? ",\n" : "\n";
    }
    append_indent(out, depth);
    out += "]";
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view what, boost::json::storage_ptr storage) {
  boost::json::parse_options options;
  options.max_depth = json_depth_max;
  std::array<unsigned char, parse_stack_bytes> stack;  // not on the heap, for most texts
  boost::json::parser parser({}, options, stack.data(), stack.size());
  parser.reset(std::move(storage));
  boost::json::error_code problem;
  const std::size_t read = parser.write_some(text.data(), text.size(), problem);
  if (!problem && read < text.size()) {
    return fail(ErrorKind::bad_request,
                std::string(what) + " is not one JSON value: extra text at byte " + std::to_string(read));
  }
  if (problem) {
    return fail(ErrorKind::bad_request, std::string(what) + " is not valid JSON: " + problem.message() +
                                            " at byte " + std::to_string(read));
  }
  return parser.release();
}

std::string to_text(const Json& value) {
  return boost::json::serialize(value);
}
std::string to_text(const JsonObject& value) {
  return boost::json::serialize(value);
}

std::string to_pretty_text(const Json& value) {
  std::string out;
  append_pretty(out, value, 0);
  return out;
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  out.push_back('"');
  std::size_t clean_from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, clean_from, i - clean_from);
    clean_from = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out.push_back(hex_digits[c >> 4]);
        out.push_back(hex_digits[c & 15]);
    }
  }
  out.append(text, clean_from, text.size() - clean_from);
  out.push_back('"');
}

const Json* find(const Json& value, std::string_view key) {
  const auto* object = value.if_object();
  return object ? object->if_contains(key) : nullptr;
}

std::string_view text_of(const JsonObject& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  const auto* text = member ? member->if_string() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

}  // namespace poly
