// Programs in a folder of the test's own.
#include "runtime/program_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace poly::runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Programs : public testing::Test {
 protected:
  ~Programs() override { fs::remove_all(folder); }

  std::string run(Task<void> task) {
    std::string problem;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr failed) {
      if (failed) problem = error_of(failed).message;
      loop.stop();
    });
    loop.restart();
    auto work = boost::asio::make_work_guard(loop);
    loop.run();
    return problem;
  }

  std::string content_of(const process::Fd& file) {
    std::string text(64, '\0');
    const auto count = ::pread(file.get(), text.data(), text.size(), 0);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
  }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  const fs::path folder = fs::path(testing::TempDir()) / ("programs-" + std::to_string(::getpid()));
  boost::asio::io_context loop;
  BlockingPool pool{1};
  ProgramFolder programs{folder, pool};
  const Timestamp now = SystemClock().now();
};

TEST_F(Programs, AreNamedByWhatTheyAreMadeOf) {
  EXPECT_EQ(program_name("f", "package a").size(), 64u);
  EXPECT_EQ(program_name("f", "package a"), program_name("f", "package a"));
  EXPECT_NE(program_name("f", "package a"), program_name("g", "package a"));
  EXPECT_NE(program_name("f", "package a"), program_name("f", "package b"));
}

TEST_F(Programs, AreReadBackAsTheyWere) {
  EXPECT_EQ(run(programs.keep("one", "aGVsbG8=")), "");
  const auto file = programs.open("one");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(content_of(*file), "hello");
}

TEST_F(Programs, MayBeEnteredByNobodyElse) {
  EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
}

TEST_F(Programs, AreReplacedWhileTheOldOneIsInUse) {
  ASSERT_EQ(run(programs.keep("one", "aGVsbG8=")), "");
  const auto old = programs.open("one");
  ASSERT_TRUE(old);
  ASSERT_EQ(run(programs.keep("one", "bmV3")), "");
  EXPECT_EQ(content_of(*old), "hello");
  EXPECT_EQ(content_of(*programs.open("one")), "new");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Programs, ThatAreNotThereAreCalledSo) {
  const auto missing = programs.open("one");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
}

TEST_F(Programs, LeaveNothingBehindWhenTheyCannotBeKept) {
  EXPECT_NE(run(programs.keep("one", "no base64!")), "");
  ASSERT_TRUE(fs::create_directory(folder / "taken"));
  EXPECT_NE(run(programs.keep("taken", "bmV3")), "");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Programs, AreRemovedWhenNothingUsesThemAndTheyAreNotNew) {
  for (const auto* name : {"used", "unused", "new"}) ASSERT_EQ(run(programs.keep(name, "bmV3")), "");
  std::ofstream(folder / "new-aaaaaa") << "half of a program";  // of a polyd that was killed
  for (const auto* name : {"used", "unused", "new-aaaaaa"}) {
    fs::last_write_time(folder / name, fs::last_write_time(folder / name) - unused_program_kept_for - 1min);
  }
  ASSERT_EQ(run(programs.sweep({"used"}, now)), "");
  EXPECT_TRUE(programs.open("used"));
  EXPECT_TRUE(programs.open("new"));
  EXPECT_FALSE(programs.open("unused"));
  EXPECT_EQ(files(), 2u);
}

}  // namespace
}  // namespace poly::runtime
