// The HTTP API of a server, as commands use it: one call and its answer, or many side by side.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "cli/settings.hpp"
#include "http/message.hpp"

namespace poly::cli {

inline constexpr std::chrono::seconds call_time_max{60};
inline constexpr std::chrono::seconds large_call_time_max{180};  // the whole catalog, large documents
inline constexpr std::chrono::seconds execute_time_max{600};
inline constexpr std::chrono::hours follow_silence_max{24};
inline constexpr std::string_view accept_default = "application/json, text/*;q=0.9, */*;q=0.5";
inline constexpr std::size_t calls_in_parallel = 8;
inline constexpr std::size_t answer_bytes_max = std::size_t{512} << 20;

using Query = std::vector<std::pair<std::string, std::string>>;

struct Call {
  http::Method method = http::Method::get;
  std::string path;  // `/functions/server`; segments made with segment()
  Query query = {};
  std::string body = {};
  std::string content_type = {};
  std::chrono::milliseconds time_max = call_time_max;
  std::string accept = std::string(accept_default);
  std::chrono::milliseconds silence_max = follow_silence_max;  // between two pieces of what is followed
};

Call get(std::string path, Query query = {});
Call with_json(http::Method method, std::string path, const Json& body);
Call remove(std::string path);

// One segment of a path, percent-encoded.
std::string segment(std::string_view text);

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;

  bool good() const { return status >= 200 && status < 300; }
  // The body as JSON; the text itself when it is none (strings come without quotes); null when empty.
  Json content() const;
};

// What an answer that is no success says, as an error: kind by the status, message and details by the body.
Error error_of_answer(const Answer& answer);

class Api final {
 public:
  explicit Api(ServerSettings settings) : settings_(std::move(settings)) {}
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  const ServerSettings& settings() const { return settings_; }

  // Any status is an answer. Throws Failure{upstream or timeout} when none comes.
  Answer ask(const Call& call) const;
  // The content of a success; anything else is thrown as Failure.
  Json content(const Call& call) const;
  // The items of a list, bare or in `results`.
  JsonArray list(const Call& call) const;

  // Hands over each line of a body that comes bit by bit, until the server ends it. Throws Failure when the
  // server answers with an error, or the connection breaks.
  void follow(const Call& call, const std::function<void(std::string_view line)>& on_line) const;

  // Every call, several at a time. The results stand in the order of the calls; `on_done` hears how many have
  // been answered after each of them.
  std::vector<Result<Answer>> ask_all(std::span<const Call> calls,
                                      const std::function<void(std::size_t)>& on_done) const;

 private:
  ServerSettings settings_;
};

}  // namespace poly::cli
