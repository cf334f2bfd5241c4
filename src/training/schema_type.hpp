// The short type of a schema ("string", "object" …) beside the schema itself, as arguments and results
// of API functions carry them.
#pragma once

#include <string>

#include "base/codec.hpp"
#include "training/open_api_document.hpp"
#include "training/schema_book.hpp"

namespace poly::training {

struct TypedSchema {
  std::string type = "any";
  JsonText schema;  // absent when the type says it all
};

// "string", "number", "integer", "boolean", "object", "array", or "any" when it may be several.
std::string type_of(const OpenApiDocument& document, const Json& schema);

// Throws Failure when the schema cannot be read.
TypedSchema typed(const OpenApiDocument& document, SchemaBook& schemas, const Json& schema);

// The properties of an object schema, those of its `allOf` parts included, and which of them are required.
struct ObjectProperties {
  std::vector<std::pair<std::string, const Json*>> members;
  std::set<std::string> required;
};
ObjectProperties properties_of(const OpenApiDocument& document, const Json& schema);

// Bytes that JSON cannot carry: `format: binary`, or a media type without an encoding.
bool is_binary(const OpenApiDocument& document, const Json& schema);

}  // namespace poly::training
