// Sandboxed processes as polyd starts them, held to whatever this machine can hold them to.
#include <filesystem>
#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <gtest/gtest.h>

#include "process/cgroup_places.hpp"
#include "process/process.hpp"
#include "process/sandbox_host.hpp"

namespace poly::process {
namespace {

namespace fs = std::filesystem;

class Sandboxed : public testing::Test {
 protected:
  void SetUp() override {
    launcher = fs::read_symlink("/proc/self/exe").parent_path() / "poly-launch";
    folder = fs::temp_directory_path() / ("openpoly-sandbox-test-" + std::to_string(::getpid()));
    host = value_or_throw(SandboxHost::open({.launcher = launcher, .folder = folder, .readable = {}}));
  }

  // A shell in a sandbox.
  std::unique_ptr<Process> start(const std::string& script, Sandbox sandbox = {}) {
    Command command{.launcher = launcher,
                    .words = {"/bin/sh", "-c", script},
                    .environment = {"PATH=/usr/bin:/bin"},
                    .limits = {},
                    .sandbox_host = host.get(),
                    .sandbox = std::move(sandbox)};
    return value_or_throw(Process::start(loop.get_executor(), command));
  }

  std::string end_of(Process& process) {
    std::string end;
    boost::asio::co_spawn(loop, process.wait_for_end(), [&end](std::exception_ptr problem, std::string text) {
      end = problem ? error_of(problem).message : text;
    });
    loop.restart();
    loop.run();
    return end;
  }

  std::string first_output_of(Process& process) {
    std::string text(256, '\0');
    std::size_t length = 0;
    process.output().async_read_some(
        boost::asio::buffer(text),
        [&length](boost::system::error_code, std::size_t count) { length = count; });
    loop.restart();
    loop.run();
    text.resize(length);
    return text;
  }

  bool nothing_is_left() const { return fs::is_empty(folder); }

  boost::asio::io_context loop{1};
  fs::path launcher;
  fs::path folder;
  std::unique_ptr<SandboxHost> host;
};

TEST_F(Sandboxed, ThisMachineReachesAtLeastTheBasicLevel) {
  EXPECT_GE(host->report().level(), SandboxLevel::basic) << host->report().words();
}

TEST_F(Sandboxed, AProcessEndsWithItsOwnStatus) {
  auto process = start("exit 3");
  EXPECT_EQ(end_of(*process), "exited with status 3");
}

TEST_F(Sandboxed, AProcessThatWasKilledSaysSo) {
  auto process = start("kill -ABRT $$");
  EXPECT_EQ(end_of(*process), "was killed by signal 6 (Aborted)");
}

TEST_F(Sandboxed, KillEndsDetachedChildrenToo) {
  auto process = start("(setsid sleep 1000 &) ; sleep 1000 & echo started; wait");
  EXPECT_EQ(first_output_of(*process), "started\n");
  process->kill();
  EXPECT_EQ(end_of(*process), "was killed by signal 9 (Killed)");
  // The pipe ends when the last process that holds it is gone.
  std::string rest;
  boost::system::error_code end;
  boost::asio::async_read(process->output(), boost::asio::dynamic_buffer(rest),
                          [&end](boost::system::error_code code, std::size_t) { end = code; });
  loop.restart();
  loop.run();
  EXPECT_EQ(end, boost::asio::error::eof);
}

TEST_F(Sandboxed, TheScratchFolderIsBothCurrentAndTemporary) {
  auto process = start("echo one > \"$TMPDIR/file\" && cat file");
  EXPECT_EQ(first_output_of(*process), "one\n");
  EXPECT_EQ(end_of(*process), "exited with status 0");
}

TEST_F(Sandboxed, ProcessesOfTheSameTimeHaveScratchFoldersOfTheirOwn) {
  auto first = start("echo one > file; echo written; sleep 1000");
  EXPECT_EQ(first_output_of(*first), "written\n");
  auto second = start("cat file 2>/dev/null || echo nothing");
  EXPECT_EQ(first_output_of(*second), "nothing\n");
}

TEST_F(Sandboxed, AProcessHasADescriptorUpToItsLimitAndNoMore) {
  constexpr auto most = ProcessLimits().open_files_max;
  const auto python = [&](std::size_t descriptor) {
    auto process = start("/usr/bin/python3 -c 'import os; os.dup2(0, " + std::to_string(descriptor) + ")'");
    return end_of(*process);
  };
  EXPECT_EQ(python(most - 1), "exited with status 0");
  EXPECT_EQ(python(most), "exited with status 1");
}

TEST_F(Sandboxed, AFileHasAsManyBytesAsItMayAndNoMore) {
  const auto written = [this](std::size_t bytes) {
    auto process = start("trap '' XFSZ; truncate -s " + std::to_string(bytes) + " file 2>/dev/null");
    return end_of(*process);
  };
  EXPECT_EQ(written(ProcessLimits().file_bytes_max), "exited with status 0");
  EXPECT_EQ(written(ProcessLimits().file_bytes_max + 1), "exited with status 1");
}

TEST_F(Sandboxed, MemoryOfChildrenCounts) {
  auto process =
      start(R"((content=$(head -c 16M /dev/zero | tr '\0' x); echo there; sleep 1000; echo done) & wait)");
  EXPECT_EQ(first_output_of(*process), "there\n");
  EXPECT_GT(process->resident_bytes(), std::size_t{12} << 20);
}

TEST_F(Sandboxed, TheKernelEndsAProcessPastItsMemory) {
  if (!host->report().has("memory_limit")) GTEST_SKIP() << host->report().words();
  auto process = start("tail /dev/zero", {.readable = {}, .memory_bytes_max = std::size_t{32} << 20});
  const auto end = end_of(*process);
  EXPECT_NE(end.find("it used more memory than its limit of 32 MiB"), std::string::npos) << end;
}

TEST_F(Sandboxed, LimitsChangeWhileAProcessRuns) {
  auto process = start("echo ready; sleep 1000");
  EXPECT_EQ(first_output_of(*process), "ready\n");
  EXPECT_TRUE(process->limit(std::size_t{128} << 20, 0.5));
  EXPECT_TRUE(process->limit(0, 0));
}

TEST_F(Sandboxed, FoldersGoWithTheirProcesses) {
  auto process = start("echo content > file");
  end_of(*process);
  process.reset();
  while (!nothing_is_left()) std::this_thread::yield();
}

TEST_F(Sandboxed, WhatACrashLeftBehindIsRemoved) {
  host.reset();
  fs::create_directories(folder / "17");
  std::ofstream(folder / "17" / "file") << "left over";
  host = value_or_throw(SandboxHost::open({.launcher = launcher, .folder = folder, .readable = {}}));
  EXPECT_FALSE(fs::exists(folder / "17"));
}

TEST(SandboxLevels, EachNeedsTheOneBefore) {
  const auto level = [](std::vector<std::string> names) {
    SandboxReport report;
    for (auto& name : names) report.layers.push_back({std::move(name), true, ""});
    return report.level();
  };
  EXPECT_EQ(level({}), SandboxLevel::none);
  EXPECT_EQ(level({"landlock"}), SandboxLevel::none);
  EXPECT_EQ(level({"landlock", "seccomp"}), SandboxLevel::basic);
  EXPECT_EQ(level({"seccomp", "namespaces"}), SandboxLevel::namespaces);
  EXPECT_EQ(level({"seccomp", "memory_limit", "process_limit", "cpu_limit"}), SandboxLevel::none);
  EXPECT_EQ(level({"seccomp", "namespaces", "memory_limit", "process_limit"}), SandboxLevel::namespaces);
  EXPECT_EQ(level({"seccomp", "namespaces", "memory_limit", "process_limit", "cpu_limit"}),
            SandboxLevel::full);
}

TEST(CgroupPlaces, AreFoundInVersion1) {
  const std::string mounts =
      "30 24 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
      "31 24 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:5 - cgroup cgroup rw,cpu,cpuacct\n";
  const std::string membership = "4:memory:/tenant/a\n3:cpu,cpuacct:/\n0::/x\n";
  EXPECT_EQ(own_cgroup(mounts, membership, "memory"), "/sys/fs/cgroup/memory/tenant/a");
  EXPECT_EQ(own_cgroup(mounts, membership, "cpu"), "/sys/fs/cgroup/cpu,cpuacct");
  EXPECT_EQ(own_cgroup(mounts, membership, "pids"), std::nullopt);
  EXPECT_EQ(own_cgroup(mounts, membership, ""), std::nullopt);
}

TEST(CgroupPlaces, AreFoundInVersion2) {
  const std::string mounts = "30 24 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";
  EXPECT_EQ(own_cgroup(mounts, "0::/system.slice/openpoly.service\n", ""),
            "/sys/fs/cgroup/system.slice/openpoly.service");
  EXPECT_EQ(own_cgroup(mounts, "0::/system.slice/openpoly.service\n", "memory"), std::nullopt);
}

TEST(CgroupPlaces, OfAContainerAreBelowItsOwnRoot) {
  const std::string mounts = "30 24 0:27 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
  EXPECT_EQ(own_cgroup(mounts, "4:memory:/docker/abc\n", "memory"), "/sys/fs/cgroup/memory");
}

}  // namespace
}  // namespace poly::process
