#include "outbound/template.hpp"

namespace poly::outbound {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Arguments::Arguments(const JsonObject& values) : values_(values) {
  if (const auto* payload = values.if_contains("payload")) payload_ = payload->if_object();
}

const Json* Arguments::find(std::string_view name) const {
  if (const auto* value = values_.if_contains(name)) return value;
  return payload_ ? payload_->if_contains(name) : nullptr;
}

std::string plain_text(const Json& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  return value.is_null() ? std::string() : to_text(value);
}

Template Template::parse(std::string_view text) {
  Template parsed;
  std::string literal;
  while (!text.empty()) {
    const auto open = text.find("{{");
    const auto close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) {
      literal.append(text);
      break;
    }
    literal.append(text.substr(0, open));
    if (!literal.empty()) parsed.pieces_.push_back({std::exchange(literal, {}), false});
    parsed.pieces_.push_back({std::string(trimmed(text.substr(open + 2, close - open - 2))), true});
    text.remove_prefix(close + 2);
  }
  if (!literal.empty()) parsed.pieces_.push_back({std::move(literal), false});
  return parsed;
}

std::vector<std::string> Template::names() const {
  std::vector<std::string> names;
  for (const auto& piece : pieces_) {
    if (piece.argument) names.push_back(piece.text);
  }
  return names;
}

std::string Template::render(const Arguments& arguments,
                             const std::function<std::string(const Json&)>& write) const {
  std::string out;
  for (const auto& piece : pieces_) {
    if (!piece.argument) {
      out += piece.text;
    } else if (const auto* value = arguments.find(piece.text)) {
      out += write(*value);
    }
  }
  return out;
}

}  // namespace poly::outbound
