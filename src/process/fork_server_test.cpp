// Forks real Python workers from the real template.
#include "process/fork_server.hpp"

#include <csignal>
#include <filesystem>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace poly::process {
namespace {

class Forking : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path source = OPENPOLY_SOURCE_DIR;
    Command command;
    command.launcher = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "poly-launch";
    command.words = {"/usr/bin/python3", "-I", "-S", source / "workers/python/template.py",
                     command.launcher.parent_path() / "libpoly-sandbox.so"};
    command.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
    server = value_or_throw(ForkServer::start(loop.get_executor(), command));
  }
  void TearDown() override {
    children.clear();
    finish(server->close());
  }

  template <class T>
  Result<T> finish(Task<T> task) {
    Result<T> outcome = fail(ErrorKind::internal, "never ran");
    if constexpr (std::is_void_v<T>) {
      boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr problem) {
        outcome = problem ? Result<T>(std::unexpected(error_of(problem))) : Result<T>();
        loop.stop();
      });
    } else {
      boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr problem, T value) {
        outcome = problem ? Result<T>(std::unexpected(error_of(problem))) : Result<T>(std::move(value));
        loop.stop();
      });
    }
    loop.restart();
    loop.run();
    return outcome;
  }

  Process& fork() {
    children.push_back(value_or_throw(finish(server->fork({}))));
    return *children.back();
  }

  // The greeting of a worker.
  std::string read_some(Process& child) {
    std::string text(256, '\0');
    auto reading = child.socket().async_read_some(boost::asio::buffer(text), use_task);
    text.resize(value_or_throw(finish(std::move(reading))));
    return text;
  }

  boost::asio::io_context loop{1};
  std::unique_ptr<ForkServer> server;
  std::vector<std::unique_ptr<Process>> children;
};

TEST_F(Forking, AChildGreetsAsAWorker) {
  auto& child = fork();
  EXPECT_NE(read_some(child).find("\"pid\":" + std::to_string(child.pid())), std::string::npos);
}

TEST_F(Forking, ChildrenAreProcessesOfTheirOwn) {
  auto& first = fork();
  auto& second = fork();
  EXPECT_NE(first.pid(), second.pid());
  first.kill();
  EXPECT_EQ(value_or_throw(finish(first.wait_for_end())), "was killed by signal 9 (Killed)");
  EXPECT_EQ(::kill(second.pid(), 0), 0);
}

TEST_F(Forking, AChildEndsWithItsSocket) {
  auto& child = fork();
  read_some(child);
  child.socket().close();
  EXPECT_EQ(value_or_throw(finish(child.wait_for_end())), "exited with status 0");
}

TEST_F(Forking, WithoutTheTemplateChildrenLiveOnAndNoMoreAreForked) {
  auto& child = fork();
  read_some(child);
  ::kill(server->pid(), SIGKILL);
  Result<std::unique_ptr<Process>> next = fail(ErrorKind::internal, "never asked");
  do {
    next = finish(server->fork({}));
    if (next) children.push_back(std::move(*next));
  } while (children.size() > 1 && server->alive());
  EXPECT_FALSE(server->alive());
  EXPECT_EQ(::kill(child.pid(), 0), 0);
  child.kill();
  EXPECT_EQ(value_or_throw(finish(child.wait_for_end())), "ended");
}

}  // namespace
}  // namespace poly::process
