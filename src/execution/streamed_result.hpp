// The result of a run that comes piece by piece. The run is recorded when the stream has ended, however it
// did.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "runtime/result_stream.hpp"

namespace poly::execution {

// All members belong to the loop that the run was started on.
class StreamedResult final {
 public:
  // `on_end` is called once: with what went wrong, or nothing.
  StreamedResult(std::shared_ptr<runtime::ResultReader> reader, std::function<void(const Error*)> on_end)
      : reader_(std::move(reader)), on_end_(std::move(on_end)) {}
  ~StreamedResult();  // before the end: the run is given up
  StreamedResult(const StreamedResult&) = delete;
  StreamedResult& operator=(const StreamedResult&) = delete;

  // The next piece, or nothing at the end. Throws Failure when the run failed.
  Task<std::optional<std::string>> next();
  // Ends the wait of next().
  void cancel();

  // The whole of it. Throws Failure, too_large past `bytes_max` too; then the run is given up.
  Task<std::string> read_all(std::size_t bytes_max);
  Task<void> read_to_end();

 private:
  void end(const Error* problem);

  std::shared_ptr<runtime::ResultReader> reader_;
  std::function<void(const Error*)> on_end_;
  bool cancelled_ = false;
};

// The reader went away before the end.
inline constexpr std::string_view reader_gone = "READER_GONE";

}  // namespace poly::execution
