// A call of a function as the runtime sees it: what goes in, what comes out, and who listens meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "runtime/result_stream.hpp"

namespace poly::runtime {

// A question of running code to the host: another function, or a variable.
struct NestedRequest {
  std::uint32_t sequence = 0;  // counts the questions of one call from 0
  std::string operation;       // call, variable.get, variable.update
  std::string path;
  std::string arguments;  // JSON array
};

// A call that failed, and the HTTP status that the code chose for it: by the error that it threw, or as what
// it was refused. Without one the kind of the error decides.
class FunctionFailure : public Failure {
 public:
  FunctionFailure(Error error, std::optional<int> status) : Failure(std::move(error)), status_(status) {}
  std::optional<int> status() const { return status_; }

 private:
  std::optional<int> status_;
};

// Who answers the questions of one call and keeps its output. Lives as long as the call.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  // The value as JSON ("" for no value). A Failure becomes an error that the code can catch, with the status
  // of a FunctionFailure.
  virtual Task<std::string> nested(NestedRequest request) = 0;
  virtual void log(LogLevel level, Timestamp at, std::string_view text) = 0;
};

struct Call {
  ExecutionId execution;
  std::optional<int> revision;  // of the function; the current one when absent
  std::optional<ExecutionId> parent;
  bool logs = true;
  std::string custom;     // JSON object: what polyCustom begins with, or ""
  std::string arguments;  // JSON: an object by name, or an array by position
  std::chrono::milliseconds time_limit{0};
  std::shared_ptr<CallObserver> observer;
};

// What a call gave; or, when `stream` is set, how the result begins that the stream then gives.
struct CallResult {
  std::string body;  // JSON, or plain text when `text`
  bool text = false;
  bool nothing = false;  // the function returned no value
  std::optional<int> status;
  std::optional<std::string> content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<ResultReader> stream;

  bool cold = false;                    // a worker had to be specialised or started for it
  std::chrono::microseconds waited{0};  // before a worker took it
  std::chrono::microseconds ran{0};     // inside the worker
};

}  // namespace poly::runtime
