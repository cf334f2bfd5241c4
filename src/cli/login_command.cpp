// `poly login`: checks a key against its server and keeps both for later commands.
#include <istream>
#include <memory>

#include "cli/resource_kind.hpp"
#include "cli/shell.hpp"

namespace poly::cli {
namespace {

struct LoginOptions {
  std::string url;
  std::string key;
};

Secret key_of(const LoginOptions& given, World& world) {
  if (!given.key.empty() && given.key != "-") return Secret(given.key);
  Secret key;
  if (world.terminal.in_kind() == StreamKind::terminal && given.key != "-") {
    key = world.terminal.read_hidden_line("API key: ");
  } else {
    std::string line;
    std::getline(world.terminal.in(), line);
    if (line.ends_with('\r')) line.pop_back();
    key = Secret(std::move(line));
  }
  if (key.empty()) throw Failure(ErrorKind::bad_request, "no key was given");
  return key;
}

void run_login(Shell& shell, const LoginOptions& given) {
  auto base_url = parse_base_url(given.url);
  auto key = key_of(given, shell.world());
  const Api api({base_url, key.duplicate(), "login"});
  const auto identity = api.content(get("/auth"));
  const auto environment = shown_member(identity, "environment.name");
  const auto file = save_settings(shell.world(), base_url, key);
  const JsonObject document{{"baseUrl", base_url_text(base_url)},
                            {"file", file.string()},
                            {"tenant", shown_member(identity, "tenant.name")},
                            {"environment", environment}};
  shell.printer().result(document, "logged in to " + base_url_text(base_url) +
                                       (environment.empty() ? "" : ", environment " + environment) +
                                       "\nkept in " + file.string());
  if (shell.world().setting("POLY_API_BASE_URL") || shell.world().setting("POLY_API_KEY"))
    shell.printer().warning("POLY_API_BASE_URL or POLY_API_KEY is set and wins over what was just kept");
}

}  // namespace

void add_login_command(const Command& root, Shell& shell) {
  const auto command = root.add_command("login", "Check a key and keep it for later commands",
                                        {"poly login http://127.0.0.1:8000          asks for the key",
                                         "poly login https://poly.example.com <key.txt"});
  auto given = std::make_shared<LoginOptions>();
  command.positional("URL", given->url, "The address of the server");
  command.positional("KEY", given->key,
                     "The API key; better typed or piped in, because others see command lines",
                     Presence::optional);
  command.on_run([&shell, given] { run_login(shell, *given); });
}

}  // namespace poly::cli
