// The body of a recorded request. One with variables is a template and stays as it is; one without holds
// sample values, and arguments take their place.
#pragma once

#include "training/draft.hpp"
#include "training/recorded_variables.hpp"

namespace poly::training {

// Claims the names that the body wants before anything else can take them: `body` for one argument, `payload`
// for the fields of a form. To be called before the other arguments are made.
void claim_body_names(FunctionDraft& draft, const RecordedRequest& request);

// Adds arguments and template, and the header that says the media type when the template alone does not.
void add_recorded_body(FunctionDraft& draft, RecordedVariables& variables, const RecordedRequest& request);

// The media type that the request says it sends, or "".
std::string sent_media_type(const RecordedRequest& request);

}  // namespace poly::training
