// A named JSON Schema that others refer to by x-poly-ref (wire.md section 8.4), and a snippet of text.
#pragma once

#include <string>

#include "spec/resource.hpp"

namespace poly::spec {

struct SchemaDefinition {
  Head head;
  JsonText definition;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    field.required("definition", self.definition);
  }
  bool operator==(const SchemaDefinition&) const = default;
};

struct Snippet {
  Head head;
  std::string code;
  std::string language;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    field.required("code", self.code);
    field.required("language", self.language);
  }
  bool operator==(const Snippet&) const = default;
};

}  // namespace poly::spec
