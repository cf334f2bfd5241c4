#include "sdk/type_text.hpp"

#include <algorithm>

namespace poly::sdk {
namespace {

void append_inside(std::string& out, const TypeText& type, Binding around) {
  const bool looser = type.binding > around;
  out.append(looser ? "(" : "").append(type.text).append(looser ? ")" : "");
}

TypeText joined(const std::vector<TypeText>& members, std::string_view sign, Binding binding) {
  std::string out;
  for (const auto& member : members) {
    if (!out.empty()) out.append(" ").append(sign).append(" ");
    append_inside(out, member, binding);
  }
  return {std::move(out), binding};
}

void drop_repeated(std::vector<TypeText>& members) {
  std::vector<TypeText> kept;
  for (auto& member : members) {
    if (std::ranges::find(kept, member) == kept.end()) kept.push_back(std::move(member));
  }
  members = std::move(kept);
}

// Lines without the white space at their ends; empty lines at both ends are left out.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    const auto last = line.find_last_not_of(" \t\r");
    line = last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
    if (!line.empty() || !lines.empty()) lines.push_back(comment_text(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

TypeText any_type() {
  return {"any", Binding::primary};
}

TypeText any_type_because(std::string_view reason) {
  return {"any /* " + comment_text(reason) + " */"};
}

TypeText record_of_any() {
  return {"{ [key: string]: any }"};
}

TypeText union_of(std::vector<TypeText> members) {
  if (members.size() == 1) return std::move(members.front());
  if (const auto found = std::ranges::find_if(members, &TypeText::is_any); found != members.end()) {
    return std::move(*found);
  }
  drop_repeated(members);
  if (members.empty()) return {"never"};
  return members.size() == 1 ? std::move(members.front()) : joined(members, "|", Binding::union_);
}

TypeText intersection_of(std::vector<TypeText> members) {
  if (members.size() == 1) return std::move(members.front());
  drop_repeated(members);
  const auto unknown = std::ranges::find_if(members, &TypeText::is_unknown);
  if (unknown != members.end()) return std::move(*unknown);
  std::vector<TypeText> told;
  std::ranges::remove_copy_if(members, std::back_inserter(told), &TypeText::is_any);
  if (told.empty()) return members.empty() ? any_type() : std::move(members.front());
  return told.size() == 1 ? std::move(told.front()) : joined(told, "&", Binding::intersection);
}

TypeText array_of(const TypeText& item) {
  std::string out;
  append_inside(out, item, Binding::primary);
  return {out + "[]"};
}

TypeText or_null(TypeText type) {
  std::vector<TypeText> members{std::move(type), TypeText{"null"}};
  return union_of(std::move(members));
}

void append_indent(std::string& out, std::size_t depth) {
  out.append(depth * indent_width, ' ');
}

std::string comment_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '/' && !out.empty() && out.back() == '*') out.push_back('\\');
    out.push_back(c == '\n' || c == '\r' ? ' ' : c);
  }
  return out;
}

void append_doc(std::string& out, std::size_t depth, const Doc& doc) {
  auto lines = lines_of(doc.description);
  for (const auto& [name, description] : doc.parameters) {
    auto told = lines_of(description);
    if (told.empty()) continue;
    told.front().insert(0, "@param " + name + " ");
    std::ranges::move(told, std::back_inserter(lines));
  }
  if (doc.deprecated) lines.emplace_back("@deprecated");
  if (lines.empty()) return;

  append_indent(out, depth);
  if (lines.size() == 1) {
    out.append("/** ").append(lines.front()).append(" */\n");
    return;
  }
  out += "/**\n";
  for (const auto& line : lines) {
    append_indent(out, depth);
    out.append(line.empty() ? " *" : " * ").append(line).append("\n");
  }
  append_indent(out, depth);
  out += " */\n";
}

}  // namespace poly::sdk
