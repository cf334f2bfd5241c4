// One worker: a process that speaks the worker protocol, with many calls in flight. All of it belongs to one
// loop.
#pragma once

#include <functional>
#include <unordered_map>

#include "base/task_group.hpp"
#include "base/timer_wheel.hpp"
#include "process/process.hpp"
#include "runtime/call.hpp"
#include "runtime/frame.hpp"

namespace poly::runtime {

// How long a worker may go on with a call that nobody waits for before it is killed.
inline constexpr std::chrono::milliseconds cancel_grace{1000};
// The end of a worker's own output that is kept to explain its death.
inline constexpr std::size_t output_tail_bytes_max = 4096;

class Worker final {
 public:
  // Starts the process; the worker is usable after hello().
  static Result<std::unique_ptr<Worker>> start(Executor executor, TimerWheel& wheel,
                                               const process::Command& command);
  // The same over a process that runs already.
  static std::unique_ptr<Worker> over(Executor executor, TimerWheel& wheel,
                                      std::unique_ptr<process::Process> process);
  ~Worker();  // close() must have been awaited
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Throw Failure when the process ends, breaks the protocol or takes longer than `time_limit`; then it is
  // killed.
  Task<void> hello(std::chrono::milliseconds time_limit);
  Task<void> load(std::string header, std::string code, std::chrono::milliseconds time_limit);
  // For workers that are loaded from the start (toolchains).
  Task<void> loaded(std::chrono::milliseconds time_limit);

  // Returns when the call has ended, or when its result begins to stream; the time limit is for all of it.
  // Throws Failure: function_failed (it threw, exited, or the process died), timeout.
  Task<CallResult> call(Call call);

  void drain();                   // no more calls; the process ends by itself when those in flight are done
  void kill(std::string reason);  // `reason` is what the calls in flight are told
  Task<void> close();             // kills and waits until nothing of it is left

  bool alive() const { return !ended_; }
  // A call that was given up has not been answered yet: it may hold the whole process.
  bool suspect() const { return cancelled_ > 0; }
  std::size_t in_flight() const { return calls_.size(); }
  // What its function may use from now on; see Process::limit().
  Result<void> limit(std::size_t memory_bytes_max, double cpu_cores) {
    return process_->limit(memory_bytes_max, cpu_cores);
  }
  std::size_t resident_bytes() const { return ended_ ? 0 : process_->resident_bytes(); }
  pid_t pid() const { return process_->pid(); }
  // Called when the process is gone, on the loop.
  void on_end(std::function<void()> listener) { on_end_ = std::move(listener); }

 private:
  struct Pending;

  Worker(Executor executor, TimerWheel& wheel, std::unique_ptr<process::Process> process);

  Task<void> read_frames();
  Task<void> read_output();
  Task<void> watch_end();
  Task<void> answer_nested(std::uint32_t id, std::shared_ptr<CallObserver> observer, NestedRequest request);
  Task<void> await_step(OneShot<bool>& step, std::chrono::milliseconds time_limit, std::string what);

  using Calls = std::unordered_map<std::uint32_t, std::shared_ptr<Pending>>;
  // The call that `frame` answers, disarmed; nothing when nobody waits for it any more.
  std::shared_ptr<Pending> answered(const Frame& frame);
  void forget(Calls::iterator call);

  void handle(const Frame& frame);
  void handle_result(const Frame& frame);
  void handle_error(const Frame& frame);
  void handle_chunk(const Frame& frame);
  void handle_log(const Frame& frame);
  void handle_nested(const Frame& frame);
  void protocol_broken(std::string reason);
  void begin_stream(std::uint32_t id, Pending& pending, CallResult result);
  void stream_taken(std::uint32_t id, std::size_t bytes);
  void stream_abandoned(std::uint32_t id);
  void call_timed_out(std::uint32_t id, std::chrono::milliseconds limit);
  void give_up(std::uint32_t id, Pending& pending, Error reason);
  void end_all(const std::string& reason);
  void send(FrameKind kind, std::uint32_t id, std::string_view header = {}, std::string_view body = {});
  void flush();
  Task<void> write_rest();

  Executor executor_;
  TimerWheel& wheel_;
  std::unique_ptr<process::Process> process_;
  TaskGroup tasks_;
  FrameReader frames_;
  std::string outgoing_;
  bool flush_scheduled_ = false;
  bool writing_ = false;
  bool ended_ = false;
  std::string kill_reason_;
  std::string output_tail_;
  OneShot<bool> hello_;
  OneShot<bool> loaded_;
  std::uint32_t next_id_ = 1;
  std::size_t cancelled_ = 0;  // of calls_
  Calls calls_;
  std::function<void()> on_end_;
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);  // seen by what is posted
};

}  // namespace poly::runtime
