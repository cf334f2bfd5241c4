// For tests: a registry of the test's own, with a few small packages (tests/packages/registry.py).
#pragma once

#include <csignal>
#include <cstdio>
#include <sstream>

#include "store/testing.hpp"

namespace poly::packages {

// Runs until it goes away.
class TestRegistry final {
 public:
  TestRegistry() {
    const std::string command =
        "exec /usr/bin/python3 " OPENPOLY_SOURCE_DIR "/tests/packages/registry.py " + folder_.path().string();
    pipe_ = ::popen(command.c_str(), "r");
    CHECK(pipe_ != nullptr);
    char line[200] = "";
    CHECK(std::fgets(line, sizeof line, pipe_) != nullptr);
    std::string ready;
    CHECK(std::istringstream(line) >> ready >> url_ >> process_);
  }
  ~TestRegistry() { stop(); }
  TestRegistry(const TestRegistry&) = delete;
  TestRegistry& operator=(const TestRegistry&) = delete;

  void stop() {
    if (!pipe_) return;
    ::kill(process_, SIGTERM);
    ::pclose(std::exchange(pipe_, nullptr));
  }

  std::filesystem::path npmrc() const { return folder_.path() / "npmrc"; }
  std::filesystem::path pip_conf() const { return folder_.path() / "pip.conf"; }

 private:
  store::TemporaryFolder folder_;
  std::FILE* pipe_ = nullptr;
  std::string url_;
  pid_t process_ = 0;
};

}  // namespace poly::packages
