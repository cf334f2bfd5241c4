// Which host the calls go to: the document's servers, or what the one who trains says instead.
#pragma once

#include "training/draft.hpp"
#include "training/open_api.hpp"
#include "training/open_api_document.hpp"

namespace poly::training {

// Refuses options that name no host or no argument.
Result<OpenApiOptions> checked(OpenApiOptions options);

// The first server of a list as a URL: variables replaced by their defaults, no slash at the end. A
// relative one (or an empty list, which means `/`) starts with `/` or is empty, and so is one whose host the
// options replace. Failure when it is no URL.
std::string server_url(const JsonArray& servers, const OpenApiOptions& options);

// Sets the draft's host, with its argument when the options ask for one. An absolute server is replaced
// by the host of the options, a relative one follows it. Failure when the host stays unknown.
void set_host(FunctionDraft& draft, const std::string& server, const OpenApiOptions& options);

}  // namespace poly::training
