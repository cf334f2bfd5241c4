// Parameters of an operation: where each goes in the template, and the argument that fills it.
#pragma once

#include "training/draft.hpp"
#include "training/open_api_document.hpp"
#include "training/schema_book.hpp"

namespace poly::training {

// Adds path, query, header and cookie parameters of `operation` and of the path item that it stands in.
// `path` is the key of the path item, such as `/pets/{petId}`. Failure when the two do not fit together.
void add_parameters(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
                    std::string_view path, const JsonObject& path_item, const JsonObject& operation);

// A key as it stands in the query of a template: only what would break the URL or the template is
// encoded, so that `$top` stays readable.
std::string query_key(std::string_view name);

// Whether a header or cookie may be called so (RFC 9110, section 5.1); a query key may be any text.
bool is_wire_name(std::string_view name, std::string_view place);

}  // namespace poly::training
