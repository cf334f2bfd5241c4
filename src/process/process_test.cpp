// Real children that are given an open file.
#include "process/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace poly::process {
namespace {

// Answers what was said with what is in the file that came with it.
constexpr const char* reads_what_it_is_given = R"(
import os, socket
host = socket.socket(fileno=int(os.environ['OPENPOLY_WORKER_FD']))
said, files, _, _ = socket.recv_fds(host, 100, 1)
host.sendall(said + os.read(files[0], 100))
)";

std::unique_ptr<Process> start(boost::asio::io_context& loop, std::vector<std::string> words) {
  Command command;
  command.launcher = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "poly-launch";
  command.words = std::move(words);
  command.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
  return value_or_throw(Process::start(loop.get_executor(), command));
}

Fd file_with(std::string_view text) {
  std::string path = testing::TempDir() + "given-XXXXXX";
  Fd file(::mkostemp(path.data(), O_CLOEXEC));
  ::unlink(path.c_str());
  EXPECT_EQ(::pwrite(file.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  return file;
}

TEST(Giving, AChildReadsTheFileThatItIsGiven) {
  boost::asio::io_context loop{1};
  const auto child = start(loop, {"/usr/bin/python3", "-I", "-S", "-c", reads_what_it_is_given});
  const auto given = child->give("look: ", file_with("a program"));
  ASSERT_TRUE(given) << given.error().message;
  std::string heard(15, '\0');
  boost::asio::read(child->socket(), boost::asio::buffer(heard));
  EXPECT_EQ(heard, "look: a program");
}

TEST(Giving, FailsWhenTheChildIsGone) {
  boost::asio::io_context loop{1};
  const auto child = start(loop, {"/bin/true"});
  char nothing = 0;
  boost::system::error_code end;
  boost::asio::read(child->socket(), boost::asio::buffer(&nothing, 1), end);
  ASSERT_EQ(end, boost::asio::error::eof);
  const auto given = child->give("look: ", file_with("a program"));
  ASSERT_FALSE(given);
  EXPECT_EQ(given.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace poly::process
