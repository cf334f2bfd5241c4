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

// The context that its first tag stands for, or "" without a tag; and the name that it asks for.
std::string tag_context_of(const JsonObject& operation);
std::string name_of(const OperationPlace& place);

inline constexpr std::size_t description_bytes_max = std::size_t{8} * 1024;
// `text` up to description_bytes_max, with an ellipsis when it was longer.
std::string cut_description(std::string text);
// Summary and description as one text, cut.
std::string description_of(const JsonObject& operation);

spec::State state_of(const JsonObject& operation);

// Everything but name and context. Throws Failure, with the reason, when the operation cannot be called.
FunctionDraft read_operation(const OpenApiDocument& document, SchemaBook& schemas,
                             const OpenApiOptions& options, const OperationPlace& place);

}  // namespace poly::training
