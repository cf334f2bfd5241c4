// A JSON body with holes. Inside quotes an argument is escaped text; outside quotes it is a JSON value.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "outbound/template.hpp"

namespace poly::outbound {

class JsonTemplate final {
 public:
  // `removable` are arguments whose member or element vanishes when they are not given. Nothing when the text
  // is no JSON around its holes: then it is a text template.
  static std::optional<JsonTemplate> parse(std::string_view text, const std::set<std::string>& removable);

  // Empty when the whole body is one removable argument that was not given.
  std::string render(const Arguments& arguments) const;

 private:
  struct Node;
  bool vanishes(const Node& node, const Arguments& arguments) const;
  void write(std::string& out, const Node& node, const Arguments& arguments) const;
  static Node build(const Json& value, const std::set<std::string>& removable);

  std::shared_ptr<const Node> root_;
};

}  // namespace poly::outbound
