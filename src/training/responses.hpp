// What an operation answers: the result type of its success, and those of its other statuses.
#pragma once

#include "training/draft.hpp"
#include "training/open_api_document.hpp"
#include "training/schema_book.hpp"

namespace poly::training {

// More statuses than this, or larger schemas than this beside the main one, are named in a warning and
// left without a type: they are for reading, not for calling.
inline constexpr std::size_t other_return_types_max = 24;
inline constexpr std::size_t other_return_schema_bytes_max = std::size_t{16} * 1024;

void add_responses(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
                   const JsonObject& operation);

// The status of its success as a number, when the operation names one.
std::optional<int> success_status(const JsonObject& operation);

}  // namespace poly::training
