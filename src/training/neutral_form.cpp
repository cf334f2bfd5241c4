#include "training/neutral_form.hpp"

#include "training/ready_functions.hpp"
#include "training/recording.hpp"

namespace poly::training {
namespace {

template <class Form>
Result<Form> read_form(std::string_view answer) {
  const auto json = parse_json(answer, "the reader's answer");
  if (!json) return fail(ErrorKind::internal, json.error().message);
  auto form = decode<Form>(*json);
  if (!form) return fail(ErrorKind::internal, "the reader's answer: " + form.error().message);
  return form;
}

// `{document, warnings}`: the document goes on as the tree that it is.
Result<SpecificationInput> train_document(std::string_view answer, const OpenApiOptions& options) {
  // The tree of a large document is given back in one piece.
  boost::json::monotonic_resource memory;
  auto read = parse_json(answer, "the reader's answer", &memory);
  if (!read) return fail(ErrorKind::internal, read.error().message);
  auto* parts = read->if_object();
  auto* document = parts ? parts->if_contains("document") : nullptr;
  if (!document) return fail(ErrorKind::internal, "the reader's answer has no document");
  std::vector<Remark> warnings;
  if (const auto* given = parts->if_contains("warnings")) {
    auto decoded = decode<std::vector<Remark>>(*given);
    if (!decoded) return fail(ErrorKind::internal, "the reader's answer: " + decoded.error().message);
    warnings = std::move(*decoded);
  }
  auto result = train_openapi_tree(std::move(*document), options);
  if (!result) return result;
  auto& kept = result->report->warnings;
  kept.insert(kept.begin(), std::make_move_iterator(warnings.begin()),
              std::make_move_iterator(warnings.end()));
  return result;
}

}  // namespace

Result<SpecificationInput> train_neutral(NeutralForm form, std::string_view answer,
                                         const OpenApiOptions& options) {
  switch (form) {
    case NeutralForm::document:
      return train_document(answer, options);
    case NeutralForm::requests: {
      auto recording = read_form<Recording>(answer);
      if (!recording) return std::unexpected(std::move(recording).error());
      return train_recording(std::move(*recording), options);
    }
    case NeutralForm::functions: {
      auto ready = read_form<ReadyFunctions>(answer);
      if (!ready) return std::unexpected(std::move(ready).error());
      return train_ready(std::move(*ready));
    }
  }
  return fail(ErrorKind::internal, "an unknown form of answer");
}

}  // namespace poly::training
