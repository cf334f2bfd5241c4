// Security of an operation: the credentials become secure arguments and the auth of its template.
#pragma once

#include "training/draft.hpp"
#include "training/open_api_document.hpp"

namespace poly::training {

// Takes the first alternative that can be met. When `{}` is one of the alternatives, or the document
// describes schemes and never says where they hold, the arguments are optional. Failure when no
// alternative can be met.
void add_security(FunctionDraft& draft, const OpenApiDocument& document, const JsonObject& operation);

}  // namespace poly::training
