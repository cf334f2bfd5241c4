// What the tests of this room share: a real HTTP server that answers from a table, a terminal in memory, and
// a folder of their own to run commands in.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <sstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/json.hpp"
#include "base/loop.hpp"
#include "base/timer_wheel.hpp"
#include "cli/files.hpp"
#include "cli/program.hpp"
#include "http/server.hpp"

namespace poly::cli::testing {

namespace fs = std::filesystem;

constexpr const char* key = "00000000-0000-4000-8000-00000000000a";
constexpr const char* id_one = "11111111-1111-4111-8111-111111111111";
constexpr const char* id_two = "22222222-2222-4222-8222-222222222222";

// Answers `METHOD /path` (without the query) as told; everything else is 404 in the words of the protocol.
class TableHandler final : public http::Handler {
 public:
  std::variant<http::Admitted, http::Response> admit(const http::Request&) override {
    return http::Admitted{std::size_t{1} << 20};
  }

  Task<http::Response> handle(http::Request request, http::Admitted) override {
    const std::scoped_lock lock(mutex_);
    const auto line = std::string(to_string(request.method)) + " " + std::string(request.path());
    seen_.push_back(request);
    const auto found = answers_.find(line);
    if (found != answers_.end()) co_return found->second;
    co_return http::Response{404, {}, R"({"statusCode":404,"message":"nothing at )" + line + "\"}"};
  }

  void answer(std::string line, http::Response response) {
    const std::scoped_lock lock(mutex_);
    answers_[std::move(line)] = std::move(response);
  }
  std::vector<http::Request> seen() {
    const std::scoped_lock lock(mutex_);
    return seen_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, http::Response> answers_;
  std::vector<http::Request> seen_;
};

class StandIn final {
 public:
  StandIn() : port_(listen()) {}
  ~StandIn() {
    auto draining = boost::asio::co_spawn(loop_.executor(), server_.drain(std::chrono::milliseconds(0)),
                                          boost::asio::use_future);
    draining.get();
    loop_.stop_and_join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void answer(std::string line, int status, std::string body, http::Headers headers = {}) {
    handler_.answer(std::move(line), {status, std::move(headers), std::move(body)});
  }
  std::vector<http::Request> seen() { return handler_.seen(); }
  // The body of the last request as JSON.
  Json last_body() { return value_or_throw(parse_json(handler_.seen().back().body, "request body")); }

 private:
  std::uint16_t listen() {
    return boost::asio::co_spawn(loop_.executor(), listening(), boost::asio::use_future).get();
  }
  Task<std::uint16_t> listening() { co_return server_.listen("127.0.0.1", 0); }

  Loop loop_{"stand-in", no_loop};
  SystemClock clock_;
  TimerWheel wheel_{loop_.executor(), clock_};
  TableHandler handler_;
  http::Server server_{loop_.executor(), handler_, {}, wheel_};
  std::uint16_t port_;
};

class MemoryTerminal final : public Terminal {
 public:
  std::istringstream input;
  std::ostringstream output, errors;
  StreamKind input_kind = StreamKind::other;
  StreamKind output_kind = StreamKind::other;

  std::istream& in() override { return input; }
  std::ostream& out() override { return output; }
  std::ostream& err() override { return errors; }
  StreamKind in_kind() const override { return input_kind; }
  StreamKind out_kind() const override { return output_kind; }
  StreamKind err_kind() const override { return StreamKind::other; }
  Secret read_hidden_line(std::string_view) override {
    std::string line;
    std::getline(input, line);
    return Secret(std::move(line));
  }
};

struct Ended {
  ExitCode code;
  std::string output, errors;

  Json document() const { return value_or_throw(parse_json(output, "standard output")); }
};

// A test with a server, and a folder that goes away with it.
class CommandTest : public ::testing::Test {
 protected:
  CommandTest() {
    auto name = (fs::temp_directory_path() / "poly-cli-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    environment = {
        {"POLY_API_BASE_URL", server.url()}, {"POLY_API_KEY", std::string(key)}, {"HOME", folder.string()}};
  }
  ~CommandTest() override { fs::remove_all(folder); }

  Ended poly(const std::vector<std::string>& arguments, std::string input = "",
             StreamKind kind = StreamKind::other) {
    MemoryTerminal terminal;
    terminal.input.str(std::move(input));
    terminal.input_kind = kind;
    World world{terminal, environment, folder};
    const auto code = run_program(arguments, world);
    return {code, terminal.output.str(), terminal.errors.str()};
  }

  void file(const std::string& name, std::string_view content) { write_file(folder / name, content); }

  StandIn server;
  fs::path folder;
  std::map<std::string, std::string, std::less<>> environment;
};

}  // namespace poly::cli::testing
