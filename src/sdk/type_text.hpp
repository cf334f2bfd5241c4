// Pieces of TypeScript types as text, put together with the parentheses they need; and doc comments.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poly::sdk {

// How loosely the outermost operator of a type binds: a looser type stands in parentheses inside a tighter
// one.
enum class Binding { primary, intersection, union_, function };

struct TypeText {
  std::string text;
  Binding binding = Binding::primary;

  bool is_any() const { return text == "any" || is_unknown(); }
  bool is_unknown() const { return text.starts_with("any /*"); }  // made by any_type_because
  bool operator==(const TypeText&) const = default;
};

TypeText any_type();
// `any`, with the reason for whoever looks the type up.
TypeText any_type_because(std::string_view reason);
TypeText record_of_any();

// `any` swallows the other members of a union. In an intersection it adds nothing and is left out, but one
// with a reason may stand for anything and swallows them too.
TypeText union_of(std::vector<TypeText> members);
TypeText intersection_of(std::vector<TypeText> members);
TypeText array_of(const TypeText& item);
TypeText or_null(TypeText type);

inline constexpr std::size_t indent_width = 2;
void append_indent(std::string& out, std::size_t depth);

// What stands in the comment above a declaration.
struct Doc {
  std::string_view description;
  std::vector<std::pair<std::string, std::string_view>> parameters;  // name and description
  bool deprecated = false;
};

// Nothing when there is nothing to say.
void append_doc(std::string& out, std::size_t depth, const Doc& doc);
// Text that cannot end the comment it stands in.
std::string comment_text(std::string_view text);

}  // namespace poly::sdk
