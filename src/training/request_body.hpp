// The request body of an operation: which of its media types is used, and the arguments that fill it.
#pragma once

#include "training/draft.hpp"
#include "training/open_api_document.hpp"
#include "training/schema_book.hpp"

namespace poly::training {

enum class BodyForm { none, json, urlencoded, formdata, text, binary };

struct BodyPlan {
  BodyForm form = BodyForm::none;
  std::string media_type;
  const JsonObject* media = nullptr;  // the chosen entry of `content`
  std::string description;
  bool required = false;
  std::string name;  // of the one argument, when the body is one
};

// Chooses the media type and claims the name `body` (or, for forms, keeps `payload` free: callers see the
// fields of a form as one argument of that name).
BodyPlan plan_body(FunctionDraft& draft, const OpenApiDocument& document, const JsonObject& operation);

// Adds arguments and template. Failure when a form names no fields.
void add_body(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
              const BodyPlan& plan);

}  // namespace poly::training
