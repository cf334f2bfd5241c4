#include "http/percent.hpp"

#include <algorithm>
#include <array>

namespace poly::http {
namespace {

using CharacterSet = std::array<bool, 256>;

constexpr CharacterSet unreserved_and(std::string_view more) {
  CharacterSet set{};
  for (char c = '0'; c <= '9'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (const char c : std::string_view("-._~")) set[static_cast<unsigned char>(c)] = true;
  for (const char c : more) set[static_cast<unsigned char>(c)] = true;
  return set;
}

// What encodeURIComponent of JavaScript leaves alone, so that both write the same.
constexpr CharacterSet in_component = unreserved_and("!'()*");
// RFC 3986: pchar, "/", "?", and escapes that are there already.
constexpr CharacterSet in_path_and_query = unreserved_and("!$&'()*+,;=:@/?%");

std::string encode(std::string_view text, const CharacterSet& allowed) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (allowed[byte]) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    }
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { stays, is_space };

std::string decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else if (text[i] == '+' && plus == Plus::is_space) {
      out.push_back(' ');
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

}  // namespace

std::string encode_path_segment(std::string_view text) {
  // These two would be taken for steps in the path and vanish.
  if (text == ".") return "%2E";
  if (text == "..") return "%2E%2E";
  return encode(text, in_component);
}

std::string encode_query_part(std::string_view text) {
  return encode(text, in_component);
}

std::string encode_stray(std::string_view path_and_query) {
  return encode(path_and_query, in_path_and_query);
}

std::string decode_percent(std::string_view text) {
  return decode(text, Plus::stays);
}

QueryPairs parse_query(std::string_view text) {
  QueryPairs pairs;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = pair.substr(std::min(equals + 1, pair.size()));
    pairs.emplace_back(decode(pair.substr(0, equals), Plus::is_space), decode(value, Plus::is_space));
  }
  return pairs;
}

}  // namespace poly::http
