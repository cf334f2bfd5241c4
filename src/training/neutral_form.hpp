// From what the reader of foreign descriptions answers (toolchains/descriptions/README.md) to functions.
#pragma once

#include <string_view>

#include "training/open_api.hpp"
#include "training/specification_input.hpp"

namespace poly::training {

// Which of the reader's three answers it is: a whole OpenAPI document, recorded requests, or functions.
enum class NeutralForm { document, requests, functions };

// Fails like the training of that form; an answer that is not of the form is our fault (internal).
Result<SpecificationInput> train_neutral(NeutralForm form, std::string_view answer,
                                         const OpenApiOptions& options);

}  // namespace poly::training
