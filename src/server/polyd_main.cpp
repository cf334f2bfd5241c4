// polyd: the server. Reads its settings, runs until it is asked to stop.
#include <csignal>
#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "server/application.hpp"

extern char** environ;

namespace {

using poly::server::Settings;

std::map<std::string, std::string> environment_of(std::string_view prefix) {
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (text.starts_with(prefix) && equals != std::string_view::npos)
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

// Thousands of connections and workers need more descriptors than a shell usually gives.
void raise_open_files_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void print_settings() {
  for (const auto& setting : poly::server::setting_descriptions()) {
    std::printf("%-34s %-38s %s\n", setting.only_environment ? "(environment only)" : setting.name.c_str(),
                poly::server::environment_name(setting.name).c_str(), setting.help.c_str());
  }
}

int serve(Settings settings) {
  poly::set_log_level(settings.log_level);
  boost::asio::io_context signals(1);
  boost::asio::signal_set asked_to_stop(signals, SIGTERM, SIGINT);
  poly::server::Application application(std::move(settings));
  const auto address = application.start();
  if (const auto key = application.take_new_key()) {
    std::cerr << "The first API key of this store, shown only now: " << key->reveal() << std::endl;
  }
  std::cout << "ready " << address << std::endl;
  asked_to_stop.async_wait([&](boost::system::error_code, int) {
    // Whoever asks twice does not want to wait.
    asked_to_stop.async_wait([](boost::system::error_code problem, int) {
      if (!problem) _exit(1);
    });
    signals.stop();
  });
  signals.run();
  poly::log(poly::LogLevel::info, "stopping: requests in flight are finished first");
  application.stop();
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_open_files_limit();
  CLI::App app{"polyd runs integrations: API functions, server functions, webhooks, jobs and variables."};
  app.set_version_flag("--version", OPENPOLY_VERSION);
  app.require_subcommand(1);
  std::string listen, data, config;
  auto* serve_command = app.add_subcommand("serve", "Answer requests until SIGTERM");
  serve_command->add_option("--listen", listen, "Address and port (127.0.0.1:8000; port 0 picks a free one)");
  serve_command->add_option("--data", data, "Folder of the store, made when missing (openpoly-data)");
  serve_command->add_option("--config", config, "Settings in TOML")->check(CLI::ExistingFile);
  auto* settings_command = app.add_subcommand("settings", "List every setting with its environment variable");
  CLI11_PARSE(app, count, arguments);
  if (settings_command->parsed()) {
    print_settings();
    return 0;
  }
  try {
    Settings settings;
    poly::server::find_parts(settings, std::filesystem::read_symlink("/proc/self/exe"));
    if (!config.empty()) poly::value_or_throw(poly::server::apply_file(settings, config));
    poly::value_or_throw(poly::server::apply_environment(settings, environment_of("POLY_")));
    if (!listen.empty()) poly::value_or_throw(poly::server::apply_listen(settings, listen));
    if (!data.empty()) settings.data = data;
    poly::server::settle_packages(settings, environment_of(""));
    return serve(std::move(settings));
  } catch (const std::exception& problem) {
    std::cerr << "polyd: " << problem.what() << std::endl;
    return 1;
  }
}
