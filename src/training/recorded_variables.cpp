#include "training/recorded_variables.hpp"

#include "spec/json_schema_infer.hpp"

namespace poly::training {
namespace {

constexpr std::size_t example_bytes_max = 80;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool has_holes(std::string_view text) {
  const auto open = text.find("{{");
  return open != std::string_view::npos && text.find("}}", open) != std::string_view::npos;
}

std::string RecordedVariables::fill(std::string_view text, ArgumentGroup group) {
  std::string out;
  while (true) {
    const auto open = text.find("{{");
    const auto close = open == std::string_view::npos ? open : text.find("}}", open);
    out.append(text.substr(0, close == std::string_view::npos ? close : open));
    if (close == std::string_view::npos) return out;
    const std::string variable(trimmed(text.substr(open + 2, close - open - 2)));
    out += placeholder(argument_for(variable, group, Quotes::none));
    text.remove_prefix(close + 2);
  }
}

std::string RecordedVariables::fill_json(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto close = text.substr(i, 2) == "{{" ? text.find("}}", i) : std::string_view::npos;
    if (close != std::string_view::npos) {
      const std::string variable(trimmed(text.substr(i + 2, close - i - 2)));
      out += placeholder(
          argument_for(variable, ArgumentGroup::body, quoted ? Quotes::json_string : Quotes::json_value));
      i = close + 1;
    } else if (quoted && text[i] == '\\') {
      out.append(text.substr(i, 2));
      ++i;
    } else {
      if (text[i] == '"') quoted = !quoted;
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string RecordedVariables::replace_literal(std::string_view key, std::string_view literal,
                                               ArgumentGroup group) {
  spec::ApiArgument argument;
  argument.name = draft_.claim_name_for(key);
  argument.secure = literal == redacted || names_a_secret(key);
  argument.description = example_of(key, literal);
  argument.required = false;
  argument.remove_if_not_present = true;
  argument.type = argument.secure ? "string" : type_of_text(literal);
  auto hole = placeholder(argument.name);
  draft_.add(group, std::move(argument));
  return hole;
}

const Json& RecordedVariables::value_of(std::string_view variable) const {
  static const Json nothing;
  const auto found = known_.find(std::string(variable));
  return found == known_.end() ? nothing : found->second.value;
}

std::string RecordedVariables::argument_for(const std::string& variable, ArgumentGroup group, Quotes quotes) {
  const auto [place, is_new] = arguments_.emplace(variable, "");
  if (!is_new) return place->second;
  const auto found = known_.find(variable);
  const auto known = found == known_.end() ? RecordedVariable() : found->second;
  spec::ApiArgument argument;
  argument.name = draft_.claim_name_for(variable);
  if (!known.description.empty()) argument.description = known.description;
  argument.secure = known.secret || group == ArgumentGroup::security || names_a_secret(variable);
  auto type = argument.secure ? SampleType{"string", {}} : type_of(known, quotes);
  argument.type = std::move(type.type);
  argument.type_schema = std::move(type.schema);
  place->second = argument.name;
  draft_.add(group, std::move(argument));
  return place->second;
}

SampleType RecordedVariables::type_of(const RecordedVariable& variable, Quotes quotes) const {
  const auto& value = variable.value;
  const auto* text = value.if_string();
  if (quotes == Quotes::json_string) return {"string", {}};
  if (quotes == Quotes::none) {
    if (value.is_null()) return {"string", {}};
    return {type_of_text(text ? std::string(*text) : to_text(value)), {}};
  }
  if (value.is_null()) return {};
  if (!text) return inferred_type(spec::infer_schema(value).get_object());
  // Outside quotes the text of a variable is JSON.
  const auto parsed = parse_json(*text, "a variable");
  return parsed ? inferred_type(spec::infer_schema(*parsed).get_object()) : SampleType();
}

std::optional<std::string> example_of(std::string_view key, std::string_view literal) {
  if (literal.empty() || literal.size() > example_bytes_max || literal == redacted || names_a_secret(key))
    return std::nullopt;
  return "For example " + std::string(literal);
}

}  // namespace poly::training
