#include "packages/toolbox.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

#include "packages/layer_folder.hpp"
#include "packages/tool_files.hpp"
#include "process/process.hpp"

namespace poly::packages {
namespace {

constexpr std::chrono::milliseconds look_every{500};
constexpr std::size_t open_files_max = 4'096;
constexpr std::size_t chunk_bytes = 16'384;

process::Command command_for(const PackageSettings& settings, std::vector<std::string> words,
                             const WorkFolders& folders) {
  process::Command command;
  command.launcher = settings.launcher;
  command.words = std::move(words);
  command.environment = settings.environment;
  command.environment.push_back("LC_ALL=C.UTF-8");
  command.limits.open_files_max = open_files_max;
  command.limits.file_bytes_max = settings.file_bytes_max;
  command.sandbox_host = settings.sandbox_host;
  command.sandbox.readable = readable_by_tools(settings);
  command.sandbox.network = true;
  command.sandbox.memory_bytes_max = settings.memory_bytes_max;
  if (folders.work.empty()) return command;
  make_folder(folders.home);
  command.environment.push_back("HOME=" + folders.home.string());
  command.environment.push_back("TMPDIR=" + folders.work.string());
  if (!settings.pip_config.empty())
    command.environment.push_back("PIP_CONFIG_FILE=" + pip_config_in(folders.work).string());
  command.sandbox.writable = {folders.work, folders.home};
  std::error_code absent;
  if (std::filesystem::exists(folders.fresh, absent)) command.sandbox.writable.push_back(folders.fresh);
  return command;
}

// Keeps the end of what was said.
void append(std::string& tail, std::string_view piece, std::size_t bytes_max) {
  tail.append(piece);
  if (tail.size() > 2 * bytes_max) tail.erase(0, tail.size() - bytes_max);
}

}  // namespace

Toolbox::Toolbox(Executor executor, TimerWheel& wheel, BlockingPool& pool, const PackageSettings& settings)
    : executor_(executor), wheel_(wheel), pool_(pool), settings_(settings) {}

Task<ToolEnd> Toolbox::run(std::vector<std::string> words, WorkFolders folders) {
  const std::string tool = std::filesystem::path(words.front()).filename();
  auto preparing = pool_.run([this, words = std::move(words), folders]() mutable {
    return command_for(settings_, std::move(words), folders);
  });
  const auto command = co_await std::move(preparing);
  const auto process = value_or_throw(process::Process::start(executor_, command));
  const auto deadline = wheel_.now() + settings_.tool_time_max;
  bool looks = false;
  TimerWheel::Timer look(wheel_, [&looks, &process] {
    looks = true;
    process->output().cancel();
  });
  ToolEnd ended;
  std::string chunk(chunk_bytes, '\0');
  for (;;) {
    if (!look.armed()) look.arm(look_every);
    boost::system::error_code problem;
    auto token = boost::asio::redirect_error(use_task, problem);
    auto reading = process->output().async_read_some(boost::asio::buffer(chunk), std::move(token));
    const auto bytes = co_await std::move(reading);
    append(ended.output, std::string_view(chunk).substr(0, bytes), settings_.output_bytes_max);
    if (problem == boost::asio::error::operation_aborted && !looks)
      throw boost::system::system_error(problem);
    if (problem && problem != boost::asio::error::operation_aborted) break;
    if (!std::exchange(looks, false)) continue;
    if (wheel_.now() > deadline) {
      throw Failure(ErrorKind::timeout, "the packages were not installed within " +
                                            std::to_string(settings_.tool_time_max.count() / 1000) + " s (" +
                                            tool + ")");
    }
    auto weighing = pool_.run([folders] { return bytes_below(folders.fresh) + bytes_below(folders.work); });
    const auto weight = co_await std::move(weighing);
    require_light(weight, settings_.layer_bytes_max);
  }
  auto ending = process->wait_for_end();
  ended.end = co_await std::move(ending);
  ended.well = ended.end == "exited with status 0";
  co_return ended;
}

Task<std::string> Toolbox::ask(std::vector<std::string> words) {
  const auto program = words.front();
  auto running = run(std::move(words), {});
  const auto ended = co_await std::move(running);
  if (!ended.well)
    throw Failure(ErrorKind::unavailable, program + " does not run: " + ended.end + "; " + ended.output);
  co_return ended.output.substr(0, ended.output.find('\n'));
}

}  // namespace poly::packages
