// One worker: a process that speaks the worker protocol, from its start to its death. All of it belongs to
// one loop.
#pragma once

#include <functional>

#include "base/task_group.hpp"
#include "base/timer_wheel.hpp"
#include "process/process.hpp"
#include "runtime/frame_channel.hpp"
#include "runtime/worker_calls.hpp"

namespace poly::runtime {

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
  // The program that load() will run, for a language that has one. Comes first of all.
  Result<void> give_program(const process::Fd& program) {
    std::string frame;
    append_frame(frame, FrameKind::program, 0);
    return process_->give(frame, program);
  }
  Task<void> load(std::string header, std::string code, std::chrono::milliseconds time_limit);
  // For workers that are loaded from the start (toolchains).
  Task<void> loaded(std::chrono::milliseconds time_limit);

  // Returns when the call has ended, or when its result begins to stream; the time limit is for all of it.
  // Throws FunctionFailure: function_failed (it threw, exited, or the process died), timeout; or Failure:
  // unavailable when the process was gone before.
  Task<CallResult> call(Call call);

  void drain();                   // no more calls; the process ends by itself when those in flight are done
  void kill(std::string reason);  // `reason` is what the calls in flight are told
  Task<void> close();             // kills and waits until nothing of it is left

  bool alive() const { return !ended_; }
  // A call that was given up has not been answered yet: it may hold the whole process.
  bool suspect() const { return calls_.any_unanswered(); }
  std::size_t in_flight() const { return calls_.in_flight(); }
  // What its function may use from now on; see Process::limit().
  Result<void> limit(std::size_t memory_bytes_max, double cpu_cores) {
    return process_->limit(memory_bytes_max, cpu_cores);
  }
  std::size_t resident_bytes() const { return ended_ ? 0 : process_->resident_bytes(); }
  pid_t pid() const { return process_->pid(); }
  // Called when the process is gone, on the loop.
  void on_end(std::function<void()> listener) { on_end_ = std::move(listener); }

 private:
  Worker(Executor executor, TimerWheel& wheel, std::unique_ptr<process::Process> process);

  Task<void> read_frames();
  Task<void> read_output();
  Task<void> watch_end();
  Task<void> await_step(OneShot<bool>& step, std::chrono::milliseconds time_limit, std::string what);
  // What these return is how the worker broke the protocol.
  Result<void> handle(const Frame& frame);
  Result<void> load_failed(const Frame& frame);
  Result<void> keep_log(const Frame& frame);
  void end_all(const std::string& reason);

  TimerWheel& wheel_;
  std::unique_ptr<process::Process> process_;
  TaskGroup tasks_;
  FrameChannel channel_;
  WorkerCalls calls_;
  bool ended_ = false;
  std::string kill_reason_;
  std::string output_tail_;
  OneShot<bool> hello_;
  OneShot<bool> loaded_;
  std::function<void()> on_end_;
};

}  // namespace poly::runtime
