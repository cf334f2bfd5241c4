#include "cli/deploy.hpp"

#include "base/codec.hpp"

namespace poly::cli {
namespace {

// An installation of packages may take its server some minutes without a word.
constexpr std::chrono::minutes silence_max{15};

// One line of the stream. A server that tells nothing meanwhile answers with the result alone, which has none
// of these.
struct Line {
  std::optional<std::string> progress;
  std::optional<int> status;
  Json result;
  Json error;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("progress", self.progress);
    field.optional("status", self.status);
    field.optional("result", self.result);
    field.optional("error", self.error);
  }
};

}  // namespace

Json deploy(Shell& shell, Call call) {
  call.time_max = large_call_time_max;
  call.silence_max = silence_max;
  call.accept = "application/x-ndjson, " + std::string(accept_default);
  std::optional<Json> made;
  shell.api().follow(call, [&](std::string_view text) {
    auto content = value_or_throw(parse_json(text, "the answer to a deploy"));
    auto line = value_or_throw(decode<Line>(content));
    if (line.progress) return shell.printer().progress(*line.progress + " …");
    if (!line.error.is_null() && line.status)
      throw Failure(error_of_answer({.status = *line.status, .headers = {}, .body = to_text(line.error)}));
    made = line.status && !line.result.is_null() ? std::move(line.result) : std::move(content);
  });
  if (!made) throw Failure(ErrorKind::upstream, "the server ended its answer without saying what it made");
  return std::move(*made);
}

}  // namespace poly::cli
