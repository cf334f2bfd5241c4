// The door of OpenAPI training: a document in, functions, webhooks and schemas out. The rules by which
// operations become functions are in docs/training.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "training/specification_input.hpp"

namespace poly::training {

struct OpenApiOptions {
  std::string context;  // where everything goes; tags become contexts below it
  // Used instead of the servers of the document, or in front of a relative one: `https://api.example.com`.
  std::optional<std::string> host_url = std::nullopt;
  // Name of a first argument that carries the host instead; "" means `hostUrl`.
  std::optional<std::string> host_url_as_argument = std::nullopt;
};

inline constexpr std::string_view host_url_argument_default = "hostUrl";
inline constexpr std::size_t operations_max = 20'000;

// Reads OpenAPI 3.0 or 3.1, in JSON or YAML. Fails (bad_request, too_large) when the text is not such a
// document; an operation that cannot become a function is named in the report and the rest goes on.
Result<SpecificationInput> train_openapi(std::string_view document, const OpenApiOptions& options);
// The same from a document that was parsed already.
Result<SpecificationInput> train_openapi_tree(Json document, const OpenApiOptions& options);

// The code of the error for an OpenAPI 2.0 document, which the reader of foreign descriptions can convert.
inline constexpr std::string_view openapi_2_code = "OPENAPI_2";

}  // namespace poly::training
