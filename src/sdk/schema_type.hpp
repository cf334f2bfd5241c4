// JSON Schema (draft-04 to 2020-12, and OpenAPI's `nullable`) as a TypeScript type.
//
// What a type can say is said; what it cannot (patterns, ranges, `not`, conditions) is left out, so the
// type never refuses a value that the schema allows, with two customs of TypeScript: an object that lists
// its properties has no others unless `additionalProperties` says so, and the items that a tuple lists
// are there unless `minItems` says less.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "sdk/file_scope.hpp"
#include "sdk/type_text.hpp"

namespace poly::sdk {

// Where the types of the catalog's schemas are: `crm.Contact` is `schemas.Crm.Contact`.
using SchemaTypeNames = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t schema_depth_max = 100;

// Writes the type of one whole schema. `$ref`s to other places of it become named types in `scope`,
// called after `prefix`, so that recursion works.
class SchemaType final {
 public:
  SchemaType(const Json& root, std::string prefix, FileScope& scope, const SchemaTypeNames& schemas)
      : root_(root), prefix_(std::move(prefix)), scope_(scope), schemas_(schemas) {}
  SchemaType(const SchemaType&) = delete;
  SchemaType& operator=(const SchemaType&) = delete;

  // `name` is what a `$ref` to the root itself means; without it such a reference declares a type.
  TypeText write(std::size_t depth, std::string_view name = {});

 private:
  TypeText type_of(const Json& schema, std::size_t depth);
  TypeText type_of_object(const JsonObject& schema, std::size_t depth);
  TypeText member_type(const Json& schema, std::size_t depth);

  std::vector<TypeText> own_types(const JsonObject& schema, std::size_t depth);
  TypeText named_type(std::string_view type, const JsonObject& schema, std::size_t depth);
  TypeText literal_object(const JsonObject& schema, std::size_t depth);
  std::string index_signature(const JsonObject& schema, std::vector<TypeText> members, std::size_t depth);
  TypeText array_or_tuple(const JsonObject& schema, std::size_t depth);
  TypeText tuple(const JsonArray& items, const Json* rest, const JsonObject& schema, std::size_t depth);

  void add_all_of(const JsonObject& schema, std::size_t depth, std::vector<TypeText>& parts);
  void add_choice(const JsonObject& schema, std::string_view key, std::size_t depth,
                  std::vector<TypeText>& parts);

  TypeText reference(std::string_view pointer);
  TypeText poly_reference(const Json& reference);
  void declare(const Json& target);
  TypeText mention(const std::string& name, const std::string& qualified);

  const Json& root_;
  std::string prefix_;
  FileScope& scope_;
  const SchemaTypeNames& schemas_;
  std::size_t nesting_ = 0;

  std::map<const Json*, std::string> named_;  // targets of references
  std::vector<const Json*> undeclared_;       // those of them whose type is still to be written
  std::string owner_;  // the alias whose right side is written and not yet inside of an object or array
};

}  // namespace poly::sdk
