#include "training/recorded_answers.hpp"

#include <algorithm>
#include <map>

#include "base/ascii_case.hpp"
#include "spec/json_schema_infer.hpp"
#include "training/media_type.hpp"
#include "training/responses.hpp"
#include "training/sample_value.hpp"

namespace poly::training {
namespace {

std::string content_type_of(const RecordedSample& sample) {
  for (const auto& [name, value] : sample.headers) {
    if (lower(name) == "content-type") return lower(value.substr(0, value.find(';')));
  }
  return "";
}

// All samples of one status.
struct Answers {
  std::vector<Json> values;  // of JSON bodies
  bool has_text = false;
  bool has_bytes = false;
  std::string accept;  // the media type to ask for, when it is not plain JSON

  void add(const RecordedSample& sample) {
    if (sample.body.empty()) return;
    const auto media_type = content_type_of(sample);
    auto json = parse_json(sample.body, "a sample");
    if (json && (media_type.empty() || is_json(media_type))) {
      values.push_back(std::move(*json));
      if (is_json(media_type) && media_type != "application/json") accept = media_type;
      return;
    }
    (media_type.empty() || is_text(media_type) || is_json(media_type) ? has_text : has_bytes) = true;
    if (!media_type.empty() && !is_json(media_type)) accept = media_type;
  }

  bool empty() const { return values.empty() && !has_text && !has_bytes; }

  SampleType type() const {
    if (empty()) return {"void", {}};
    if (has_bytes || (has_text && !values.empty())) return {};
    return has_text ? SampleType{"string", {}}
                    : inferred_type(spec::infer_schema_by_evidence(values).get_object());
  }
};

using AnswersByStatus = std::map<int, Answers>;

bool is_success(int status) {
  return status >= 200 && status < 300;
}

// The lowest success that has a body, else the lowest without.
AnswersByStatus::const_iterator main_answers(const AnswersByStatus& all) {
  const auto with_body = std::ranges::find_if(
      all, [](const auto& entry) { return is_success(entry.first) && !entry.second.empty(); });
  if (with_body != all.end()) return with_body;
  return std::ranges::find_if(all, [](const auto& entry) { return is_success(entry.first); });
}

void add_other(FunctionDraft& draft, int status, const Answers& answers) {
  if (answers.empty()) return;
  if (draft.function.other_return_types.size() == other_return_types_max) {
    draft.warnings.push_back("status " + std::to_string(status) + " is left out: at most " +
                             std::to_string(other_return_types_max) + " have types of their own");
    return;
  }
  auto type = answers.type();
  if (type.schema.text.size() > other_return_schema_bytes_max) {
    draft.warnings.push_back("the schema of status " + std::to_string(status) + " is left out: it has " +
                             std::to_string(type.schema.text.size()) + " bytes");
    type.schema = {};
  }
  draft.function.other_return_types.push_back(
      {std::to_string(status), std::move(type.type), std::move(type.schema)});
}

}  // namespace

void add_recorded_answers(FunctionDraft& draft, const std::vector<RecordedSample>& samples) {
  AnswersByStatus all;
  for (const auto& sample : samples) all[sample.status].add(sample);
  const auto main = main_answers(all);
  if (main != all.end()) {
    auto type = main->second.type();
    draft.function.return_type = std::move(type.type);
    draft.function.return_type_schema = std::move(type.schema);
    const bool asks = std::ranges::any_of(draft.function.source.headers,
                                          [](const auto& header) { return lower(header.key) == "accept"; });
    if (!main->second.accept.empty() && !asks)
      draft.function.source.headers.push_back({"Accept", main->second.accept, std::nullopt});
  }
  for (auto entry = all.cbegin(); entry != all.cend(); ++entry) {
    if (entry != main) add_other(draft, entry->first, entry->second);
  }
}

spec::ApiFunction with_inferred_answers(spec::ApiFunction function,
                                        const std::vector<RecordedSample>& samples) {
  std::erase_if(function.other_return_types, [&samples](const auto& other) {
    return std::ranges::any_of(samples, [&other](const RecordedSample& sample) {
      return std::to_string(sample.status) == other.status_code;
    });
  });
  FunctionDraft draft;
  draft.function = std::move(function);
  add_recorded_answers(draft, samples);
  return std::move(draft.function);
}

}  // namespace poly::training
