#include "cli/api.hpp"

#include <algorithm>

#include "base/task_group.hpp"
#include "base/timer_wheel.hpp"
#include "cli/exit_code.hpp"
#include "http/client.hpp"
#include "http/percent.hpp"

namespace poly::cli {
namespace {

// The person at the command line chose the server: every address may be reached.
http::AddressFilter any_address() {
  std::vector<http::Network> networks;
  for (const auto* text : {"0.0.0.0/0", "::/0"}) networks.push_back(http::Network::parse(text).value());
  return http::AddressFilter(std::move(networks));
}

http::ClientOptions client_options() {
  http::ClientOptions options;
  options.addresses = any_address();
  options.user_agent = "poly";
  return options;
}

http::ClientRequest request_of(const Call& call, const ServerSettings& settings) {
  http::ClientRequest request;
  request.method = call.method;
  request.url = settings.base_url;
  request.url.target += call.path;
  char mark = '?';
  for (const auto& [key, value] : call.query) {
    request.url.target += mark + http::encode_query_part(key) + "=" + http::encode_query_part(value);
    mark = '&';
  }
  if (!settings.api_key.empty())
    request.headers.add("Authorization", "Bearer " + std::string(settings.api_key.reveal()));
  request.headers.add("Accept", call.accept);
  if (!call.content_type.empty()) request.headers.add("Content-Type", call.content_type);
  request.body = call.body;
  request.total_timeout = call.time_max;
  request.response_bytes_max = answer_bytes_max;
  return request;
}

// A run of calls on one client: workers take the next call until none is left.
class Run final {
 public:
  Run(std::span<const Call> calls, const ServerSettings& settings,
      const std::function<void(std::size_t)>& on_done)
      : calls_(calls), settings_(settings), on_done_(on_done), results_(calls.size()) {}

  std::vector<Result<Answer>> finish() {
    boost::asio::co_spawn(context_, everything(), [this](std::exception_ptr problem) {
      // The wheel may sleep until a deadline that nobody has any more.
      context_.stop();
      if (problem) std::rethrow_exception(problem);
    });
    context_.run();
    return std::move(results_);
  }

 private:
  Task<void> everything() {
    TaskGroup workers(context_.get_executor(), "calls");
    const auto count = std::min(calls_in_parallel, calls_.size());
    for (std::size_t i = 0; i < count; ++i) workers.spawn(work());
    auto joining = workers.join();
    co_await std::move(joining);
    client_.close_idle();
  }

  Task<void> work() {
    while (next_ < calls_.size()) {
      const auto index = next_++;
      auto answering = answer(index);
      results_[index] = co_await std::move(answering);
      ++done_;
      if (on_done_) on_done_(done_);
    }
  }

  Task<Result<Answer>> answer(std::size_t index) {
    auto request = request_of(calls_[index], settings_);
    try {
      auto sending = client_.send(std::move(request));
      auto response = co_await std::move(sending);
      co_return Answer{response.status, std::move(response.headers), std::move(response.body)};
    } catch (const Failure& failure) {
      co_return std::unexpected(failure.error());
    }
  }

  std::span<const Call> calls_;
  const ServerSettings& settings_;
  const std::function<void(std::size_t)>& on_done_;
  std::vector<Result<Answer>> results_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  boost::asio::io_context context_{1};
  SystemClock clock_;
  TimerWheel wheel_{context_.get_executor(), clock_};
  http::Client client_{context_.get_executor(), wheel_, client_options()};
};

// Cuts a stream into its lines.
class Lines final {
 public:
  explicit Lines(const std::function<void(std::string_view)>& on_line) : on_line_(on_line) {}

  void add(std::string_view piece) {
    rest_ += piece;
    std::size_t begin = 0;
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
      on_line_(std::string_view(rest_).substr(begin, end - begin));
      begin = end + 1;
    }
    rest_.erase(0, begin);
  }
  // What the last line has when nothing ends it.
  void finish() {
    if (!rest_.empty()) on_line_(std::exchange(rest_, {}));
  }

 private:
  const std::function<void(std::string_view)>& on_line_;
  std::string rest_;
};

// `message` is a text or, for a validation, a list of texts.
void read_message(const Json& message, Error& error) {
  if (const auto* text = message.if_string()) error.message = *text;
  const auto* lines = message.if_array();
  if (!lines) return;
  for (const auto& line : *lines)
    error.details.push_back(line.is_string() ? std::string(line.get_string()) : to_text(line));
  for (const auto& line : error.details) error.message += (error.message.empty() ? "" : "; ") + line;
}

}  // namespace

Call get(std::string path, Query query) {
  return {http::Method::get, std::move(path), std::move(query)};
}

Call with_json(http::Method method, std::string path, const Json& body) {
  return {method, std::move(path), {}, to_text(body), "application/json"};
}

Call remove(std::string path) {
  return {http::Method::delete_, std::move(path)};
}

std::string segment(std::string_view text) {
  return http::encode_path_segment(text);
}

Json Answer::content() const {
  if (body.empty()) return nullptr;
  if (auto json = parse_json(body, "answer")) return std::move(*json);
  return Json(body);
}

Error error_of_answer(const Answer& answer) {
  Error error{kind_of_status(answer.status), "", "", {}};
  const auto content = answer.content();
  if (const auto* message = find(content, "message")) read_message(*message, error);
  if (const auto* object = content.if_object()) error.code = text_of(*object, "code");
  if (error.message.empty())
    error.message = "the server answered with status " + std::to_string(answer.status);
  return error;
}

Answer Api::ask(const Call& call) const {
  const std::function<void(std::size_t)> nobody;
  return value_or_throw(std::move(Run(std::span(&call, 1), settings_, nobody).finish().front()));
}

Json Api::content(const Call& call) const {
  const auto answer = ask(call);
  if (!answer.good()) throw Failure(error_of_answer(answer));
  return answer.content();
}

JsonArray Api::list(const Call& call) const {
  auto answer = content(call);
  if (answer.is_array()) return std::move(answer.get_array());
  const auto* results = find(answer, "results");
  if (results && results->is_array()) return results->get_array();
  throw Failure(ErrorKind::upstream, "GET " + call.path + ": the answer is no list; is " +
                                         base_url_text(settings_.base_url) + " an OpenPoly server?");
}

void Api::follow(const Call& call, const std::function<void(std::string_view line)>& on_line) const {
  boost::asio::io_context context(1);
  const SystemClock clock;
  TimerWheel wheel(context.get_executor(), clock);
  http::Client client(context.get_executor(), wheel, client_options());
  Lines lines(on_line);
  auto request = request_of(call, settings_);
  request.silence_timeout = call.silence_max;
  request.on_piece = [&lines](std::string piece) -> Task<void> {
    lines.add(piece);
    co_return;
  };
  std::exception_ptr problem;
  http::ClientResponse response;
  auto sending = client.send(std::move(request));
  boost::asio::co_spawn(context, std::move(sending),
                        [&](std::exception_ptr failed, http::ClientResponse got) {
                          problem = failed;
                          response = std::move(got);
                          client.close_idle();
                          context.stop();  // the wheel may sleep until a deadline that nobody has any more
                        });
  context.run();
  if (problem) std::rethrow_exception(problem);
  const Answer answer{response.status, std::move(response.headers), std::move(response.body)};
  if (!answer.good()) throw Failure(error_of_answer(answer));
  lines.finish();
}

std::vector<Result<Answer>> Api::ask_all(std::span<const Call> calls,
                                         const std::function<void(std::size_t)>& on_done) const {
  return Run(calls, settings_, on_done).finish();
}

}  // namespace poly::cli
