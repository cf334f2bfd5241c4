#include "outbound/json_template.hpp"

namespace poly::outbound {
namespace {

// Marks a hole outside quotes while the text is read as JSON; no JSON text from a person holds this
// character.
constexpr char bare_hole = '\x01';

// The text with every hole outside quotes turned into a marked string, so that the rest is plain JSON.
std::string with_marked_holes(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      out.append(text.substr(i, 2));
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
      out.push_back('"');
    } else if (!quoted && text.substr(i, 2) == "{{" && text.find("}}", i) != std::string_view::npos) {
      const auto close = text.find("}}", i);
      out += "\"\\u0001";
      out.append(text.substr(i, close + 2 - i));
      out.push_back('"');
      i = close + 1;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

}  // namespace

struct JsonTemplate::Node {
  enum class Kind { literal, value, text, object, array };
  Kind kind = Kind::literal;
  std::string literal;  // JSON text
  Template holes;       // value: one argument; text: a string with holes
  bool removable = false;
  std::string key;  // of a member of an object
  std::vector<Node> members;
};

JsonTemplate::Node JsonTemplate::build(const Json& value, const std::set<std::string>& removable) {
  Node node;
  if (const auto* object = value.if_object()) {
    node.kind = Node::Kind::object;
    for (const auto& [key, member] : *object) node.members.emplace_back(build(member, removable)).key = key;
  } else if (const auto* array = value.if_array()) {
    node.kind = Node::Kind::array;
    for (const auto& element : *array) node.members.push_back(build(element, removable));
  } else if (const auto* text = value.if_string(); text && text->find("{{") != std::string_view::npos) {
    std::string_view inside(*text);
    const bool bare = inside.starts_with(bare_hole);
    if (bare) inside.remove_prefix(1);
    node.holes = Template::parse(inside);
    node.kind = bare ? Node::Kind::value : Node::Kind::text;
    node.removable = node.holes.is_one_argument() && removable.contains(node.holes.pieces().front().text);
  } else {
    node.literal = to_text(value);
  }
  return node;
}

std::optional<JsonTemplate> JsonTemplate::parse(std::string_view text,
                                                const std::set<std::string>& removable) {
  const auto json = parse_json(with_marked_holes(text), "the body template");
  if (!json) return std::nullopt;
  JsonTemplate parsed;
  parsed.root_ = std::make_shared<const Node>(build(*json, removable));
  return parsed;
}

bool JsonTemplate::vanishes(const Node& node, const Arguments& arguments) const {
  return node.removable && !arguments.find(node.holes.pieces().front().text);
}

std::string JsonTemplate::render(const Arguments& arguments) const {
  std::string out;
  if (!vanishes(*root_, arguments)) write(out, *root_, arguments);
  return out;
}

void JsonTemplate::write(std::string& out, const Node& node, const Arguments& arguments) const {
  switch (node.kind) {
    case Node::Kind::literal:
      out += node.literal;
      return;
    case Node::Kind::text:
      append_quoted(out, node.holes.render(arguments, plain_text));
      return;
    case Node::Kind::value: {
      const auto* value = arguments.find(node.holes.pieces().front().text);
      out += value ? to_text(*value) : "null";
      return;
    }
    case Node::Kind::object:
    case Node::Kind::array:
      break;
  }
  const bool is_object = node.kind == Node::Kind::object;
  out.push_back(is_object ? '{' : '[');
  bool first = true;
  for (const auto& member : node.members) {
    if (vanishes(member, arguments)) continue;
    if (!first) out.push_back(',');
    first = false;
    if (is_object) {
      append_quoted(out, member.key);
      out.push_back(':');
    }
    write(out, member, arguments);
  }
  out.push_back(is_object ? '}' : ']');
}

}  // namespace poly::outbound
