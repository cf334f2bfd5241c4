// The schemas of a document on their way into the catalog: which name each gets, and which of them are
// needed by the functions that were kept.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "spec/schema_definition.hpp"
#include "training/names.hpp"
#include "training/open_api_document.hpp"
#include "training/schema_translation.hpp"

namespace poly::training {

class SchemaBook final {
 public:
  // Component schemas get their names here, in the order of the document, so that a name does not depend
  // on which operations use it.
  SchemaBook(const OpenApiDocument& document, std::string context);

  // The schema for use in a function, its references as `x-poly-ref`. They stay pending until keep() or
  // forget(). One that is no JSON Schema (`type: file`) becomes `{}`, with a warning. Throws Failure when
  // it, or anything that it refers to, cannot be found.
  Json translate(const Json& schema);

  // The function was made: its schemas are part of the result. Returns its warnings.
  std::vector<std::string> keep();
  // It was refused.
  void forget();

  // The kept schemas and all that they refer to, by name.
  std::vector<spec::SchemaDefinition> take_definitions();

 private:
  struct Entry {
    std::string name;
    const Json* source = nullptr;
    bool is_read = false;
    Json definition;
    std::set<std::string> references;  // pointers of other entries
    std::string problem;               // why it cannot be found, or ""
    std::string warning;               // why it became `{}`, or ""
  };

  Json translate_into(const Json& schema, std::set<std::string>& references);
  Entry& entry_of(const Located& place);
  void read(Entry& entry);
  void require(const std::string& pointer);
  spec::SchemaDefinition definition_of(Entry& entry) const;

  const OpenApiDocument& document_;
  std::string context_;
  NameClaims names_;
  std::map<std::string, Entry> entries_;  // by pointer
  std::set<std::string> pending_, kept_;
  std::vector<std::string> warnings_;
};

}  // namespace poly::training
