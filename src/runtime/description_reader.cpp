#include "runtime/description_reader.hpp"

#include "base/codec.hpp"
#include "runtime/frame.hpp"

namespace poly::runtime {
namespace {

// What a question has besides the texts.
constexpr std::size_t question_slack_bytes = std::size_t{64} * 1024;

struct Fault {
  std::string message;
  std::string file;
  std::optional<int> line;
  std::optional<int> column;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("message", self.message);
    field.optional("file", self.file);
    field.optional("line", self.line);
    field.optional("column", self.column);
  }

  std::string text() const {
    std::string where = file;
    if (line) where += (where.empty() ? "line " : ", line ") + std::to_string(*line);
    if (line && column) where += ", column " + std::to_string(*column);
    return where.empty() ? message : where + ": " + message;
  }
};

struct Faults {
  std::vector<Fault> errors;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("errors", self.errors);
  }
};

std::string question_of(const Description& description) {
  JsonObject files;
  for (const auto& [path, text] : description.files) files[path] = text;
  return to_text(JsonObject{{"kind", word_of(description.kind)},
                            {"files", std::move(files)},
                            {"entry", description.entry},
                            {"options", description.options}});
}

// Faults are the whole answer, and a large answer is not read twice for them.
void throw_faults(std::string_view answer, DescriptionKind kind) {
  if (!answer.starts_with(R"({"errors":)")) return;
  const auto faults =
      value_or_throw(decode<Faults>(value_or_throw(parse_json(answer, "the reader's answer"))));
  Error error{ErrorKind::bad_request, "", "", {}};
  for (const auto& fault : faults.errors) error.details.push_back(fault.text());
  error.message = "the " + std::string(word_of(kind)) + " description cannot be read";
  for (const auto& detail : error.details) error.message += "; " + detail;
  throw Failure(std::move(error));
}

}  // namespace

DescriptionReader::DescriptionReader(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings)
    : process_(executor, wheel, "the reader of descriptions",
               [&settings] { return description_reader_command(settings); }) {}

Task<std::string> DescriptionReader::read(Description description) {
  auto question = question_of(description);
  if (question.size() > frame_bytes_max - question_slack_bytes) {
    throw Failure(ErrorKind::too_large,
                  "the description has " + std::to_string(question.size()) + " bytes as JSON, and " +
                      std::to_string(frame_bytes_max - question_slack_bytes) + " are the most");
  }
  auto asking = process_.ask(std::move(question));
  auto answer = co_await std::move(asking);
  throw_faults(answer, description.kind);
  co_return answer;
}

Task<void> DescriptionReader::close() {
  return process_.close();
}

}  // namespace poly::runtime
