#include "training/responses.hpp"

#include <algorithm>

#include "training/media_type.hpp"
#include "training/schema_type.hpp"

namespace poly::training {
namespace {

struct Answer {
  std::string status;
  TypedSchema type;
  std::string media_type;  // "" when the answer has no body
};

// 200, 201, other numbers of that family, the whole family, and only then the default.
int rank_of(std::string_view status) {
  if (status == "200") return 0;
  if (status == "201") return 1;
  if (status == "2XX" || status == "2xx") return 3;
  if (status.starts_with('2')) return 2;
  return status == "default" ? 4 : 5;
}

int rank_of_media(std::string_view media_type) {
  if (media_type == "application/json") return 0;
  if (is_json(media_type)) return 1;
  if (is_wildcard(media_type)) return 2;
  return is_text(media_type) ? 3 : 4;
}

TypedSchema type_of_media(const OpenApiDocument& document, SchemaBook& schemas, std::string_view media_type,
                          const Json& media) {
  if (is_text(media_type) && !is_json(media_type)) return {"string", {}};
  const auto* schema = find(media, "schema");
  const bool has_type =
      schema && (is_json(media_type) || is_wildcard(media_type)) && !is_binary(document, *schema);
  return has_type ? typed(document, schemas, *schema) : TypedSchema();
}

Answer answer_from(const OpenApiDocument& document, SchemaBook& schemas, std::string_view status,
                   const Json& response) {
  Answer out{std::string(status), {"void", {}}, {}};
  const Json* best = nullptr;
  for (const auto& [key, media] : object_member(document.object(response, "response"), "content")) {
    auto media_type = bare_media_type(key);
    if (best && rank_of_media(media_type) >= rank_of_media(out.media_type)) continue;
    best = &media;
    out.media_type = std::move(media_type);
  }
  if (best) out.type = type_of_media(document, schemas, out.media_type, *best);
  return out;
}

bool is_success(const Answer& answer) {
  return rank_of(answer.status) < 5;
}

// The first success that has a body, else one without.
const Answer* main_answer(const std::vector<Answer>& answers) {
  const Answer* best = nullptr;
  for (const auto& answer : answers) {
    if (!is_success(answer)) continue;
    const bool is_better = !best || std::pair(answer.media_type.empty(), rank_of(answer.status)) <
                                        std::pair(best->media_type.empty(), rank_of(best->status));
    if (is_better) best = &answer;
  }
  return best;
}

void add_other(FunctionDraft& draft, Answer answer) {
  if (answer.type.schema.text.size() > other_return_schema_bytes_max) {
    draft.warnings.push_back("the schema of status " + answer.status + " is left out: it has " +
                             std::to_string(answer.type.schema.text.size()) + " bytes");
    answer.type.schema = {};
  }
  draft.function.other_return_types.push_back(
      {std::move(answer.status), std::move(answer.type.type), std::move(answer.type.schema)});
}

}  // namespace

void add_responses(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
                   const JsonObject& operation) {
  std::vector<Answer> answers;
  for (const auto& [status, response] : object_member(operation, "responses")) {
    if (!status.starts_with("x-")) answers.push_back(answer_from(document, schemas, status, response));
  }
  const auto* main = main_answer(answers);
  if (main) {
    draft.function.return_type = main->type.type;
    draft.function.return_type_schema = main->type.schema;
    const bool is_usual =
        main->media_type.empty() || main->media_type == "application/json" || is_wildcard(main->media_type);
    if (!is_usual) draft.function.source.headers.push_back({"Accept", main->media_type, std::nullopt});
  } else {
    draft.function.return_type = answers.empty() ? "any" : "void";
  }
  std::size_t left_out = 0;
  for (auto& answer : answers) {
    if (&answer == main || answer.media_type.empty()) continue;
    if (draft.function.other_return_types.size() == other_return_types_max)
      ++left_out;
    else
      add_other(draft, std::move(answer));
  }
  if (left_out > 0) {
    draft.warnings.push_back(std::to_string(left_out) + " statuses are left out: at most " +
                             std::to_string(other_return_types_max) + " have types of their own");
  }
}

std::optional<int> success_status(const JsonObject& operation) {
  for (const auto& [status, response] : object_member(operation, "responses")) {
    const bool is_number =
        status.size() == 3 && status.find_first_not_of("0123456789") == std::string_view::npos;
    if (is_number && status.starts_with('2')) return std::stoi(std::string(status));
  }
  return std::nullopt;
}

}  // namespace poly::training
