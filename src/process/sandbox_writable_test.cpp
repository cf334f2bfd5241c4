// Folders of the host that a sandboxed process may change.
#include <filesystem>
#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "process/process.hpp"
#include "process/sandbox_host.hpp"

namespace poly::process {
namespace {

namespace fs = std::filesystem;

class WithWritableFolders : public testing::Test {
 protected:
  void SetUp() override {
    launcher = fs::read_symlink("/proc/self/exe").parent_path() / "poly-launch";
    data = fs::temp_directory_path() / ("openpoly-writable-test-" + std::to_string(::getpid()));
    fs::create_directories(data / "mine/inner");
    fs::create_directories(data / "temporary");
    std::ofstream(data / "secret") << "nobody's business";
    std::ofstream(data / "mine/inner/old") << "old";
    host = value_or_throw(
        SandboxHost::open({.launcher = launcher, .folder = data / "sandboxes", .readable = {}}));
  }
  void TearDown() override {
    host.reset();
    fs::remove_all(data);
  }

  // How a shell ends that may change `temporary` and `mine`.
  std::string end_of(const std::string& script) {
    const Command command{.launcher = launcher,
                          .words = {"/bin/sh", "-c", script},
                          .environment = {"PATH=/usr/bin:/bin", "data=" + data.string()},
                          .limits = {.file_bytes_max = std::size_t{100} << 20},
                          .sandbox_host = host.get(),
                          .sandbox = {.readable = {}, .writable = {data / "temporary", data / "mine"}}};
    const auto process = value_or_throw(Process::start(loop.get_executor(), command));
    std::string end;
    boost::asio::co_spawn(loop, process->wait_for_end(),
                          [&end](std::exception_ptr problem, std::string text) {
                            end = problem ? error_of(problem).message : text;
                          });
    loop.restart();
    loop.run();
    return end;
  }

  static constexpr const char* well = "exited with status 0";
  boost::asio::io_context loop{1};
  fs::path launcher, data;
  std::unique_ptr<SandboxHost> host;
};

TEST_F(WithWritableFolders, AreChangedWithAllThatIsInThem) {
  EXPECT_EQ(end_of("echo new >$data/mine/inner/old && mkdir $data/mine/more && echo x >$data/mine/more/x"),
            well);
  EXPECT_EQ(fs::file_size(data / "mine/inner/old"), 4U);
  EXPECT_TRUE(fs::exists(data / "mine/more/x"));
  EXPECT_EQ(end_of("rm -r $data/mine/more"), well);  // the next one is no stranger to what the first has made
  EXPECT_FALSE(fs::exists(data / "mine/more"));
}

TEST_F(WithWritableFolders, TheFirstOneIsForTemporaryFiles) {
  EXPECT_EQ(end_of("test $TMPDIR = $data/temporary && mktemp"), well);
  EXPECT_FALSE(fs::is_empty(data / "temporary"));
}

TEST_F(WithWritableFolders, TakeFilesThatAreLargerThanAScratchFolder) {
  EXPECT_EQ(end_of("truncate -s 99M $data/mine/large"), well);
}

TEST_F(WithWritableFolders, ShowNothingOfWhatLiesBesideThem) {
  EXPECT_NE(end_of("cat $data/secret"), well);
  EXPECT_NE(end_of("echo planted >$data/secret"), well);
  EXPECT_NE(end_of("echo planted >$data/planted"), well);
  EXPECT_NE(end_of("ln $data/secret $data/mine/secret && cat $data/mine/secret"), well);
  EXPECT_NE(end_of("ln -s $data/secret $data/mine/link && cat $data/mine/link"), well);
  EXPECT_NE(end_of("mv $data/mine $data/other"), well);
  EXPECT_EQ(fs::file_size(data / "secret"), 17U);
  EXPECT_FALSE(fs::exists(data / "planted"));
}

}  // namespace
}  // namespace poly::process
