// The type language of the protocol (PropertyType, wire.md section 3.2) and what functions take and give,
// as TypeScript.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sdk/entry.hpp"
#include "sdk/file_scope.hpp"
#include "sdk/schema_type.hpp"
#include "sdk/type_text.hpp"

namespace poly::sdk {

// Writes types into one declaration file.
class TypeWriter final {
 public:
  enum class Detail { full, none };  // `none`: every type is `any`

  TypeWriter(FileScope& scope, const SchemaTypeNames& schemas, Detail detail)
      : scope_(scope), schemas_(schemas), detail_(detail) {}
  TypeWriter(const TypeWriter&) = delete;
  TypeWriter& operator=(const TypeWriter&) = delete;

  // `type` may be missing (null): `any`. Local types are called after `prefix`.
  TypeText property_type(const Json* type, const std::string& prefix, std::size_t depth);
  TypeText schema_type(const Json& schema, const std::string& prefix, std::size_t depth,
                       std::string_view name = {});

  // `(id: string, options?: Options) => Promise<T>` of a function or webhook, and what its comment says.
  TypeText callable(const Entry& entry, const std::string& prefix, std::size_t depth);
  static Doc doc_of(const Entry& entry);

 private:
  TypeText object_type(const JsonObject& type, const std::string& prefix, std::size_t depth);
  TypeText properties_type(const JsonArray& properties, const std::string& prefix, std::size_t depth);
  TypeText function_type(const JsonObject& type, const std::string& prefix, std::size_t depth);
  TypeText argument_type(const JsonObject& argument, const std::string& prefix, std::size_t depth);
  std::string parameters(const JsonObject& specification, const std::string& prefix, std::size_t depth);
  std::string result(const Entry& entry, TypeText type) const;

  FileScope& scope_;
  const SchemaTypeNames& schemas_;
  Detail detail_;
};

// Of a FunctionSpecification; null when it does not list its arguments.
const JsonArray* arguments_of(const JsonObject* specification);
// The keys of the arguments, in order: how positional arguments become the body of a call.
std::vector<std::string_view> argument_keys(const JsonArray& arguments);

// Names that declaration files use and no local type may take.
void reserve_used_names(UniqueNames& names);

}  // namespace poly::sdk
