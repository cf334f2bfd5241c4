#include "spec/json_schema_report.hpp"

#include <algorithm>

#include "base/codec.hpp"

namespace poly::spec::json_schema {
namespace {

// So much of a schema's own values is shown in a message.
constexpr std::size_t values_shown_max = 20;
constexpr std::size_t value_bytes_shown_max = 80;

bool is_plain_key(std::string_view key) {
  return !key.empty() && std::ranges::none_of(key, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '.' || c == '[' || c == ']' || c == '"';
  });
}

std::string shown(const Json& value) {
  std::string text = to_text(value);
  if (text.size() <= value_bytes_shown_max) return text;
  std::size_t end = value_bytes_shown_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string_view words_of(Bound::Side side) {
  switch (side) {
    case Bound::Side::at_least:
      return "must be at least ";
    case Bound::Side::above:
      return "must be above ";
    case Bound::Side::at_most:
      return "must be at most ";
    case Bound::Side::below:
      return "must be below ";
  }
  return "";
}

std::string_view words_of(Count::Of of, std::size_t count) {
  switch (of) {
    case Count::Of::characters:
      return count == 1 ? " character" : " characters";
    case Count::Of::items:
      return count == 1 ? " item" : " items";
    case Count::Of::members:
      return count == 1 ? " property" : " properties";
  }
  return "";
}

}  // namespace

std::size_t Report::push_member(std::string_view key) {
  const auto mark = path_.size();
  if (is_plain_key(key)) {
    path_.append(".").append(key);
  } else {
    path_ += '[';
    append_quoted(path_, key);
    path_ += ']';
  }
  return mark;
}

std::size_t Report::push_item(std::size_t index) {
  const auto mark = path_.size();
  path_.append("[").append(std::to_string(index)).append("]");
  return mark;
}

std::size_t Report::push_name(std::string_view key) {
  const auto mark = path_.size();
  path_ += ": property name ";
  append_quoted(path_, key);
  return mark;
}

void Report::add(std::string_view reason, Weight weight) {
  const bool is_at_root = path_.size() == root_size_;
  if (weight == Weight::whole_value && !is_at_root) weight = Weight::detail;
  distance_ += static_cast<std::size_t>(weight);
  if (lines_.size() < limit_) lines_.push_back(path_ + ": " + std::string(reason));
}

void Report::add_line(std::string line) {
  ++distance_;
  if (lines_.size() < limit_) lines_.push_back(std::move(line));
}

std::string describe(const TypeIs& step, const Json& got) {
  return "expected " + words_of(step.kinds) + ", got " + std::string(codec::kind_name(got));
}

std::string describe(const IsOneOf& step) {
  if (step.values.size() == 1) return "must be " + shown(step.values.front());
  std::string out = "must be one of ";
  const auto count = std::min(step.values.size(), values_shown_max);
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : ", ").append(shown(step.values[i]));
  if (count < step.values.size()) out += " and " + std::to_string(step.values.size() - count) + " more";
  return out;
}

std::string describe(const Bound& step) {
  return std::string(words_of(step.side)) + shown(step.limit);
}

std::string describe(const MultipleOf& step) {
  return "must be a multiple of " + shown(step.divisor);
}

std::string describe(const Count& step, std::size_t got) {
  std::string out = step.side == Count::Side::at_least ? "must have at least " : "must have at most ";
  out += std::to_string(step.limit);
  out += words_of(step.of, step.limit);
  return out + ", has " + std::to_string(got);
}

std::string describe_unknown(const Members& step) {
  if (step.properties.empty()) return "is not a known property";
  std::string out = "is not a known property; known are ";
  const auto count = std::min(step.properties.size(), values_shown_max);
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : ", ").append(step.properties[i].key);
  if (count < step.properties.size())
    out += " and " + std::to_string(step.properties.size() - count) + " more";
  return out;
}

std::string describe_branch(const std::vector<Branch>& branches, std::size_t index) {
  std::string out = std::to_string(index + 1);
  if (!branches[index].name.empty()) out += " (" + branches[index].name + ")";
  return out;
}

}  // namespace poly::spec::json_schema
