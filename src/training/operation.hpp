// One operation of a document, read as an API function.
#pragma once

#include "training/draft.hpp"
#include "training/open_api.hpp"
#include "training/open_api_document.hpp"
#include "training/schema_book.hpp"

namespace poly::training {

// Where an operation stands.
struct OperationPlace {
  std::string_view method;  // get, post …
  std::string_view path;    // key of the path item
  const JsonObject* path_item = nullptr;
  const JsonObject* operation = nullptr;
};

// get, put, post, delete, options, head, patch, trace.
bool is_method(std::string_view key);

// The first tag's context below `context`, and the name that the operation asks for.
std::string context_of(std::string_view context, const JsonObject& operation);
std::string name_of(const OperationPlace& place);

// Summary and description as one text, cut at description_bytes_max.
inline constexpr std::size_t description_bytes_max = 8 * 1024;
std::string description_of(const JsonObject& operation);

spec::State state_of(const JsonObject& operation);

// Everything but name and context. Throws Failure, with the reason, when the operation cannot be called.
FunctionDraft read_operation(const OpenApiDocument& document, SchemaBook& schemas,
                             const OpenApiOptions& options, const OperationPlace& place);

}  // namespace poly::training
