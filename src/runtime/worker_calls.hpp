// The calls that one worker has in flight: each is sent, answered once, and given up when its time is over.
// All of it belongs to one loop.
#pragma once

#include <unordered_map>

#include "base/timer_wheel.hpp"
#include "runtime/call.hpp"
#include "runtime/frame_channel.hpp"

namespace poly::runtime {

// How long a worker may go on with a call that nobody waits for before it is killed.
inline constexpr std::chrono::milliseconds cancel_grace{1000};

class WorkerCalls final {
 public:
  // `kill` ends the process, telling why. What the code asks the host runs in `tasks`.
  WorkerCalls(TimerWheel& wheel, TaskGroup& tasks, FrameChannel& channel,
              std::function<void(std::string reason)> kill);
  ~WorkerCalls();
  WorkerCalls(const WorkerCalls&) = delete;
  WorkerCalls& operator=(const WorkerCalls&) = delete;

  // Returns when the call has ended, or when its result begins to stream; the time limit is for all of it.
  // Throws FunctionFailure: function_failed (it threw, exited, or the process died), timeout.
  Task<CallResult> run(Call call);

  // One for each kind of frame that is about a call. What they return is how the worker broke the protocol.
  Result<void> take_result(const Frame& frame);
  Result<void> take_error(const Frame& frame);
  Result<void> take_chunk(const Frame& frame);
  Result<void> take_nested(const Frame& frame);

  // Who listens to a call; null when nobody does.
  CallObserver* listener(std::uint32_t call) const;

  // The process is gone: so says every call in flight.
  void end_all(const Error& reason);

  std::size_t in_flight() const { return calls_.size(); }
  // A call that was given up has not been answered yet.
  bool any_unanswered() const { return given_up_ > 0; }

 private:
  struct Pending;
  using Calls = std::unordered_map<std::uint32_t, std::shared_ptr<Pending>>;

  // The call that `frame` answers, disarmed; null when nobody waits for it any more.
  Result<std::shared_ptr<Pending>> answered(const Frame& frame);
  void forget(Calls::iterator call);
  void begin_stream(std::uint32_t id, Pending& pending, CallResult result);
  void stream_taken(std::uint32_t id, std::size_t bytes);
  void stream_abandoned(std::uint32_t id);
  void time_is_over(std::uint32_t id, std::chrono::milliseconds limit);
  void give_up(std::uint32_t id, Pending& pending, Error reason);
  Task<void> answer_nested(std::uint32_t id, std::shared_ptr<CallObserver> observer, NestedRequest request);

  TimerWheel& wheel_;
  TaskGroup& tasks_;
  FrameChannel& channel_;
  const std::function<void(std::string)> kill_;
  std::uint32_t next_id_ = 1;
  std::size_t given_up_ = 0;  // of calls_
  Calls calls_;
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);  // seen by streams
};

}  // namespace poly::runtime
