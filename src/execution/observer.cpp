#include "execution/observer.hpp"

#include <algorithm>

#include "catalog/variable_change.hpp"
#include "catalog/variables.hpp"

namespace poly::execution {
namespace {

constexpr std::string_view json_lines_type = "application/x-ndjson";

void require(const identity::Identity& identity, identity::Permission permission, std::string_view what) {
  if (identity.may(permission)) return;
  throw Failure(ErrorKind::forbidden, "the key that this function runs with has no permission '" +
                                          std::string(word_of(permission)) + "', which " + std::string(what) +
                                          " needs");
}

std::string json_text_of(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

// The whole of a streamed result as one value: lines of JSON become an array, anything else is a text.
std::string value_of_stream(const std::string& path, const Outcome& outcome) {
  if (outcome.content_type.starts_with(json_lines_type)) {
    std::string array = "[" + outcome.body;
    if (array.ends_with('\n')) array.pop_back();
    std::ranges::replace(array, '\n', ',');
    array += ']';
    if (parse_json(array, "a streamed result")) return array;
  }
  auto text = json_text_of(outcome.body);
  if (parse_json(text, "a streamed result")) return text;
  throw Failure(
      Error{ErrorKind::unsupported,
            "'" + path + "' streams bytes that are no text in UTF-8, which no function can be given",
            "RESULT_NOT_TEXT",
            {}});
}

Json first_of(Json arguments) {
  auto* array = arguments.if_array();
  return array && !array->empty() ? std::move(array->front()) : Json();
}

}  // namespace

Observer::Observer(Execution& execution, Parts& parts, catalog::ResourcePointer function, int revision,
                   ExecutionId id, Caller inside)
    : execution_(execution),
      parts_(parts),
      function_(std::move(function)),
      revision_(revision),
      id_(id),
      inside_(std::move(inside)) {}

// What is refused carries the status that the caller of the function gets when the code does not catch it.
Task<std::string> Observer::nested(runtime::NestedRequest request) {
  auto answering = answer(std::move(request));
  try {
    co_return co_await std::move(answering);
  } catch (const RunFailure& failure) {
    const auto& error = failure.error();
    throw runtime::FunctionFailure(error, failure.status().value_or(parts_.status_of(error.kind)));
  } catch (const Failure& failure) {
    throw runtime::FunctionFailure(failure.error(), parts_.status_of(failure.error().kind));
  }
}

Task<std::string> Observer::answer(runtime::NestedRequest request) {
  if (++nested_calls_ > nested_calls_max) {
    throw Failure(ErrorKind::too_many_requests, "one execution may make 10,000 calls");
  }
  auto arguments = request.arguments.empty()
                       ? Json(JsonArray())
                       : value_or_throw(parse_json(request.arguments, "the arguments of a nested call"));
  if (request.operation == "call") {
    auto calling = call(std::move(request.path), std::move(arguments));
    co_return co_await std::move(calling);
  }
  if (request.operation == "variable.get") co_return read_variable(request.path);
  if (request.operation == "variable.update") {
    auto updating = update_variable(std::move(request.path), std::move(arguments));
    co_return co_await std::move(updating);
  }
  throw Failure(ErrorKind::bad_request, "there is no nested operation '" + request.operation + "'");
}

Task<std::string> Observer::call(std::string path, Json arguments) {
  require(*inside_.identity, identity::Permission::execute, "calling '" + path + "'");
  const auto function = execution_.find_function(inside_.viewpoint(), path);
  if (function->kind() == spec::Kind::client_function) {
    throw Failure(
        ErrorKind::bad_request,
        "'" + path + "' is a client function, which runs only where the source names it by its full path");
  }
  auto running = execution_.run(function, std::move(arguments), inside_);
  auto outcome = co_await std::move(running);
  if (outcome.streamed) co_return value_of_stream(path, outcome);
  if (outcome.nothing) co_return std::string();
  if (!outcome.text) co_return std::move(outcome.body);
  co_return json_text_of(outcome.body);
}

std::string Observer::read_variable(std::string_view path) const {
  const auto snapshot = parts_.catalog.here();
  const auto variable = catalog::find_variable(*snapshot, inside_.viewpoint(), path);
  if (variable->as<spec::Variable>().secrecy == spec::Secrecy::secret) {
    throw Failure(ErrorKind::forbidden,
                  "'" + std::string(path) + "' is a secret: it cannot be read, only injected with .inject()");
  }
  return to_text(catalog::open_variable(parts_.vault, *variable));
}

Task<std::string> Observer::update_variable(std::string path, Json arguments) {
  const auto snapshot = parts_.catalog.here();
  const auto variable = catalog::find_variable(*snapshot, inside_.viewpoint(), path);
  const bool secret = variable->as<spec::Variable>().secrecy == spec::Secrecy::secret;
  require(*inside_.identity,
          secret ? identity::Permission::manage_secret_variables
                 : identity::Permission::manage_non_secret_variables,
          "changing '" + path + "'");
  auto changing =
      catalog::change_value(parts_.catalog, parts_.vault, variable, first_of(std::move(arguments)));
  auto changed = run_on(parts_.control, std::move(changing));
  co_await std::move(changed);
  co_return std::string();
}

void Observer::log(LogLevel level, Timestamp at, std::string_view text) {
  if (log_bytes_ > log_bytes_max) return;
  log_bytes_ += text.size() + 1;
  if (log_bytes_ > log_bytes_max) {
    text = "(output of this execution past 1 MiB is left out)";
    level = LogLevel::warn;
  }
  journal::LogLine line;
  line.execution = id_;
  line.resource = function_->id;
  line.revision = revision_;
  line.at = at;
  line.level = level;
  line.text = text;
  parts_.journal.log(std::move(line));
}

}  // namespace poly::execution
