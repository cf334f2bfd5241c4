#include "base/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

#include "base/error.hpp"
#include "base/log.hpp"

namespace poly {
namespace asio = boost::asio;

namespace {

bool is_cancellation(const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace

TaskGroup::TaskGroup(Executor executor, std::string_view name)
    : executor_(executor), name_(name), empty_(executor, std::chrono::steady_clock::time_point::max()) {}

TaskGroup::~TaskGroup() {
  CHECK(signals_.empty());
}

void TaskGroup::spawn(Task<void> task) {
  const auto member = signals_.emplace(signals_.end());
  auto on_end = [this, member](std::exception_ptr problem) { finished(member, std::move(problem)); };
  asio::co_spawn(executor_, std::move(task), asio::bind_cancellation_slot(member->slot(), std::move(on_end)));
}

void TaskGroup::cancel() {
  // A member may end, and leave the list, while it is being asked.
  for (auto member = signals_.begin(); member != signals_.end();)
    (member++)->emit(asio::cancellation_type::terminal);
}

Task<void> TaskGroup::join() {
  while (!signals_.empty()) {
    boost::system::error_code woken;
    auto token = asio::redirect_error(use_task, woken);
    co_await empty_.async_wait(std::move(token));
  }
}

void TaskGroup::finished(Signals::iterator member, std::exception_ptr problem) {
  if (problem && !is_cancellation(problem)) {
    log(LogLevel::error, "a task ended by an exception", {{"group", name_}, {"error", error_of(problem).message}});
  }
  signals_.erase(member);
  if (signals_.empty()) empty_.cancel();
}

}  // namespace poly
