// Functions that the reader of foreign descriptions has made itself (GraphQL, WSDL): checked, named and put
// into their context like all others.
#pragma once

#include "training/open_api.hpp"
#include "training/specification_input.hpp"

namespace poly::training {

struct ReadyFunctions {
  std::string title;
  std::vector<spec::ApiFunction> functions;
  std::vector<spec::SchemaDefinition> schemas;
  std::vector<Remark> warnings;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("title", self.title);
    field.required("functions", self.functions);
    field.optional("schemas", self.schemas);
    field.optional("warnings", self.warnings);
  }
  bool operator==(const ReadyFunctions&) const = default;
};

// A function that cannot be published is named in the report and the rest goes on.
Result<SpecificationInput> train_ready(ReadyFunctions ready);

}  // namespace poly::training
