#include "gateway/progress_stream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/ascii_case.hpp"
#include "base/attempt.hpp"
#include "base/log.hpp"
#include "base/one_shot.hpp"
#include "gateway/reply.hpp"
#include "http/body_source.hpp"

namespace poly::gateway {
namespace {

constexpr std::string_view media_type = "application/x-ndjson";

// Lines on their way to the reader. The work has a share in it, so that it may outlive its reader.
class ProgressLines final : public http::BodySource {
 public:
  explicit ProgressLines(Executor executor) : executor_(executor) {}

  void add(std::string_view line) {
    waiting_.append(line).append("\n");
    wake();
  }
  void end() {
    ended_ = true;
    wake();
  }

  Task<std::optional<std::string>> next() override {
    if (waiting_.empty() && !ended_) {
      wait_ = std::make_unique<OneShot<bool>>(executor_);
      auto waiting = wait_->wait();
      co_await std::move(waiting);
      wait_.reset();
    }
    if (waiting_.empty()) co_return std::nullopt;
    co_return std::exchange(waiting_, {});
  }
  void cancel() override { end(); }

 private:
  void wake() {
    if (wait_) wait_->deliver(true);
  }

  Executor executor_;
  std::string waiting_;
  bool ended_ = false;
  std::unique_ptr<OneShot<bool>> wait_;
};

std::string last_line(const Result<http::Response>& outcome) {
  const auto& response = outcome ? *outcome : error_reply(outcome.error());
  return std::string(outcome ? R"({"result":)" : R"({"error":)") + response.body + R"(,"status":)" +
         std::to_string(response.status) + "}";
}

Task<void> tell_all(std::shared_ptr<ProgressLines> lines, Context context, RouteHandler work) {
  const auto executor = co_await boost::asio::this_coro::executor;
  context.tell = [executor, lines](std::string_view text) {
    boost::asio::post(executor,
                      [lines, line = to_text(JsonObject{{"progress", text}})] { lines->add(line); });
  };
  auto working = attempt(work(std::move(context)));
  const auto outcome = co_await std::move(working);
  if (!outcome && outcome.error().kind == ErrorKind::internal)
    log(LogLevel::error, "a change that is watched failed", {{"error", outcome.error().message}});
  lines->add(last_line(outcome));
  lines->end();
}

}  // namespace

bool ProgressStreams::wanted(const Context& context) {
  return lower(context.request.headers.get("accept")).find(media_type) != std::string::npos;
}

Task<http::Response> ProgressStreams::answer(Context context, RouteHandler work) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto lines = std::make_shared<ProgressLines>(executor);
  auto telling = run_on(executor, tell_all(lines, std::move(context), std::move(work)));
  auto starting = start(std::move(telling));
  co_await run_on(tasks_.executor(), std::move(starting));
  http::Response response;
  response.headers.add("Content-Type", std::string(media_type));
  response.body_source = lines;
  co_return response;
}

Task<void> ProgressStreams::start(Task<void> work) {
  tasks_.spawn(std::move(work));
  co_return;
}

}  // namespace poly::gateway
