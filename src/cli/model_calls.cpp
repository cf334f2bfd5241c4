#include "cli/model_calls.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"
#include "cli/files.hpp"
#include "cli/value.hpp"

namespace poly::cli {
namespace {

[[noreturn]] void refuse_sample(std::string_view path, std::string_view reason) {
  throw Failure(ErrorKind::bad_request, "the samples of " + std::string(path) + ": " + std::string(reason));
}

std::string content_type_in(const Json& headers) {
  const auto* object = headers.if_object();
  if (!object) return "";
  for (const auto& [name, value] : *object) {
    if (lower(name) == "content-type" && value.is_string()) return std::string(value.get_string());
  }
  return "";
}

// `{status, data, headers}`, as an execution answers and a sample stands.
Observed observed_in(const Json& envelope, std::string_view path) {
  Observed out;
  const auto* status = find(envelope, "status");
  if (!status || !status->is_int64()) refuse_sample(path, "one has neither `arguments` nor a `status`");
  out.status = static_cast<int>(status->get_int64());
  if (const auto* headers = find(envelope, "headers")) out.content_type = content_type_in(*headers);
  if (const auto* data = find(envelope, "data")) out.data = *data;
  return out;
}

// Why nobody calls it unasked, or "".
std::string reason_to_skip(const spec::ApiFunction& function) {
  if (function.source.method != "GET" && function.source.method != "HEAD")
    return function.source.method + " may change something: give its arguments in --samples";
  std::string needed;
  for (const auto& argument : function.arguments) {
    if (argument.required && !argument.variable) needed += (needed.empty() ? "" : ", ") + argument.name;
  }
  return needed.empty() ? "" : "it needs " + needed + ": give them in --samples";
}

// The calls to be made, each with the observation that it belongs to.
struct Calls {
  std::vector<Call> calls;
  std::vector<std::size_t> owners;

  void add(const std::string& path, const Json& arguments, std::size_t owner) {
    auto call = with_json(http::Method::post, "/functions/api/" + segment(path) + "/execute", arguments);
    call.time_max = execute_time_max;
    calls.push_back(std::move(call));
    owners.push_back(owner);
  }
};

void add_samples(const JsonArray& samples, const std::string& path, Observation& observation, Calls& calls,
                 std::size_t index) {
  for (const auto& sample : samples) {
    const auto* arguments = find(sample, "arguments");
    if (arguments && arguments->is_object())
      calls.add(path, *arguments, index);
    else
      observation.answers.push_back(observed_in(sample, path));
  }
}

}  // namespace

Samples read_samples(Shell& shell, const std::optional<std::string>& file) {
  Samples samples;
  if (!file) return samples;
  const auto document = read_json_file(file_of(*file, shell.world()));
  if (!document.is_object()) {
    throw Failure(ErrorKind::bad_request, *file + ": must be an object of lists, by the paths of functions");
  }
  for (const auto& [path, list] : document.get_object()) {
    if (!list.is_array()) refuse_sample(path, "must be a list");
    samples.emplace(path, list.get_array());
  }
  return samples;
}

std::vector<Observation> observe(Shell& shell, const std::vector<spec::ApiFunction>& functions,
                                 const Samples& samples) {
  std::vector<Observation> all(functions.size());
  Calls calls;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    all[i].path = functions[i].head.path();
    const auto given = samples.find(all[i].path);
    if (given != samples.end()) {
      add_samples(given->second, all[i].path, all[i], calls, i);
      continue;
    }
    all[i].skipped = reason_to_skip(functions[i]);
    if (all[i].skipped.empty()) calls.add(all[i].path, JsonObject(), i);
  }
  const auto on_done = [&](std::size_t done) {
    shell.printer().progress("calls: " + std::to_string(done) + " of " + std::to_string(calls.calls.size()));
  };
  const auto answers = shell.api().ask_all(calls.calls, on_done);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    auto& observation = all[calls.owners[i]];
    if (answers[i] && answers[i]->good())
      observation.answers.push_back(observed_in(answers[i]->content(), observation.path));
    else
      observation.failures.push_back(
          (answers[i] ? error_of_answer(*answers[i]) : answers[i].error()).message);
  }
  return all;
}

}  // namespace poly::cli
