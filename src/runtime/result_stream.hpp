// A result that comes piece by piece: a worker writes it on its loop, and whoever asked for it reads it on
// another. The reader's pace holds the worker back (docs/worker-protocol.md, "Streamed results").
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/one_shot.hpp"
#include "base/task.hpp"

namespace poly::runtime {

// What a worker may have sent that the reader has not taken.
inline constexpr std::size_t stream_window_bytes = 1 << 20;
// The worker hears of what was taken in portions of at least this size.
inline constexpr std::size_t taken_portion_bytes = stream_window_bytes / 4;

// How the reader reaches the worker: both are called on the worker's loop.
struct StreamFeedback {
  Executor executor;
  std::function<void(std::size_t bytes)> taken;
  std::function<void()> abandoned;
};

// What the two sides share. Its members may be called on any thread, unless they say otherwise.
class ResultStream final {
 public:
  explicit ResultStream(StreamFeedback feedback) : feedback_(std::move(feedback)) {}
  ResultStream(const ResultStream&) = delete;
  ResultStream& operator=(const ResultStream&) = delete;

  // On the worker's loop. Nothing is added after the end; a problem reaches the reader behind all pieces.
  void add(std::string_view piece);
  void end(std::optional<Error> problem);
  // Keeps `held` until the end, and lets go of it there.
  void hold_until_end(std::shared_ptr<void> held);

  // All that has come and was not read, or nothing at the end. Throws Failure: what the call failed with, or
  // unavailable when the reading was cancelled. One reader.
  Task<std::optional<std::string>> next();
  void cancel();
  void abandon();

 private:
  struct Reader {
    Executor executor;
    std::shared_ptr<OneShot<bool>> news;
  };
  std::optional<std::string> take();
  bool at_end();
  void wake();  // with the lock held

  const StreamFeedback feedback_;
  std::vector<std::shared_ptr<void>> held_;  // on the worker's loop
  std::mutex lock_;
  std::string arrived_;
  std::size_t untold_bytes_ = 0;  // taken, and the worker has not heard of it
  bool ended_ = false;
  bool cancelled_ = false;
  std::optional<Error> problem_;
  std::optional<Reader> waiting_;
};

// The reading side. Dropping it before the end gives the call up.
class ResultReader final {
 public:
  explicit ResultReader(std::shared_ptr<ResultStream> stream) : stream_(std::move(stream)) {}
  ~ResultReader() { stream_->abandon(); }
  ResultReader(const ResultReader&) = delete;
  ResultReader& operator=(const ResultReader&) = delete;

  Task<std::optional<std::string>> next() { return stream_->next(); }
  // Ends the wait of next().
  void cancel() { stream_->cancel(); }
  // Before the reader leaves the worker's loop.
  void hold_until_end(std::shared_ptr<void> held) { stream_->hold_until_end(std::move(held)); }

 private:
  std::shared_ptr<ResultStream> stream_;
};

}  // namespace poly::runtime
