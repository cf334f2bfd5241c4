#include "cli/command.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "cli/suggestion.hpp"

namespace poly::cli {

struct CommandTree {
  CommandTree(std::string summary, std::string program) : root(std::move(summary), std::move(program)) {}

  CLI::App root;
  bool wants_json = false;
  std::map<const CLI::App*, std::vector<std::function<void()>>> checks;
  std::function<void()> chosen;
};

namespace {

std::string footer_of(const std::vector<std::string>& examples) {
  if (examples.empty()) return "";
  std::string text = "Examples:";
  for (const auto& example : examples) text += "\n  " + example;
  return text;
}

void add_json_flag(CLI::App& node, bool& wants_json) {
  node.add_flag("--json", wants_json, "Print one JSON document on standard output");
}

std::vector<CLI::App*> children_of(CLI::App& node) {
  return node.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> names_below(CLI::App& node) {
  std::vector<std::string> names;
  for (const auto* child : children_of(node)) names.push_back(child->get_name());
  return names;
}

std::string full_name(const CLI::App& node) {
  return node.get_parent() ? full_name(*node.get_parent()) + " " + node.get_name() : node.get_name();
}

// The deepest command that the words name, and the word after it when that should have been one too.
struct Walk {
  CLI::App* node;
  std::optional<std::string> unknown_word;
};

Walk walk(CLI::App& root, const std::vector<std::string>& arguments) {
  Walk result{&root, std::nullopt};
  for (const auto& argument : arguments) {
    if (argument.starts_with('-')) continue;
    const auto children = children_of(*result.node);
    if (children.empty()) return result;
    const auto child = std::ranges::find(children, argument, &CLI::App::get_name);
    if (child == children.end()) {
      result.unknown_word = argument;
      return result;
    }
    result.node = *child;
  }
  return result;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

Parsed unknown_command(CLI::App& node, const std::string& word) {
  const auto names = names_below(node);
  const auto nearest = nearest_word(word, names);
  Parsed parsed{Parsed::Outcome::wrong, "unknown command '" + full_name(node) + " " + word + "'", ""};
  parsed.hint = nearest ? "did you mean '" + full_name(node) + " " + *nearest + "'?"
                        : "see '" + full_name(node) + " --help'";
  return parsed;
}

// Why CLI11 refused, in one line, with the nearest option when the name of one was misspelled.
Parsed refused(const CLI::App& node, const CLI::ParseError& problem) {
  Parsed parsed{Parsed::Outcome::wrong, problem.what(), "see '" + full_name(node) + " --help'"};
  if (!dynamic_cast<const CLI::ExtrasError*>(&problem)) return parsed;
  const auto remaining = node.remaining();
  if (remaining.empty()) return parsed;
  const auto& word = remaining.front();
  if (!word.starts_with('-')) {
    parsed.text = "unexpected argument '" + word + "'";
    return parsed;
  }
  const auto typed = word.substr(0, word.find('='));
  parsed.text = "unknown option '" + typed + "'";
  std::vector<std::string> known;
  for (const auto* option : node.get_options()) {
    for (const auto& name : option->get_lnames()) known.push_back("--" + name);
  }
  if (const auto nearest = nearest_word(typed, known)) parsed.hint = "did you mean '" + *nearest + "'?";
  return parsed;
}

CLI::Option* with_presence(CLI::Option* option, Presence presence) {
  return option->required(presence == Presence::required);
}

}  // namespace

Command Command::add_group(std::string name, std::string summary) const {
  auto& node = add_node(std::move(name), std::move(summary));
  node.require_subcommand(0, 1);
  return Command(*tree_, node);
}

Command Command::add_command(std::string name, std::string summary, std::vector<std::string> examples) const {
  auto& node = add_node(std::move(name), std::move(summary));
  node.footer(footer_of(examples));
  return Command(*tree_, node);
}

DeclaredOption Command::positional(std::string shown, std::string& into, std::string help,
                                   Presence presence) const {
  return with_presence(app_->add_option(std::move(shown), into, std::move(help))->type_name(""), presence);
}

DeclaredOption Command::positional(std::string shown, std::vector<std::string>& into,
                                   std::string help) const {
  return app_->add_option(std::move(shown), into, std::move(help))->type_name("")->required();
}

DeclaredOption Command::option(std::string names, std::string shown, std::string& into, std::string help,
                               Presence presence) const {
  auto* option = app_->add_option(std::move(names), into, std::move(help));
  return with_presence(option->type_name(std::move(shown)), presence);
}

DeclaredOption Command::option(std::string names, std::string shown, std::optional<std::string>& into,
                               std::string help) const {
  const std::function<void(const std::string&)> read = [&into](const std::string& text) { into = text; };
  return app_->add_option_function(std::move(names), read, std::move(help))->type_name(std::move(shown));
}

DeclaredOption Command::option(std::string names, std::string shown, std::optional<int>& into,
                               std::string help) const {
  const std::function<void(const int&)> read = [&into](const int& number) { into = number; };
  return app_->add_option_function(std::move(names), read, std::move(help))->type_name(std::move(shown));
}

DeclaredOption Command::option(std::string names, std::string shown, std::optional<double>& into,
                               std::string help) const {
  const std::function<void(const double&)> read = [&into](const double& number) { into = number; };
  return app_->add_option_function(std::move(names), read, std::move(help))->type_name(std::move(shown));
}

DeclaredOption Command::option(std::string names, std::string shown, std::vector<std::string>& into,
                               std::string help) const {
  auto* option = app_->add_option(std::move(names), into, std::move(help));
  return option->type_name(std::move(shown))->allow_extra_args(false);
}

DeclaredOption Command::flag(std::string names, bool& into, std::string help) const {
  return app_->add_flag(std::move(names), into, std::move(help));
}

DeclaredOption Command::choice_of(std::string names, std::vector<std::string> words,
                                  std::function<void(std::string_view)> read, std::string help) const {
  const std::function<void(const std::string&)> read_text = [read](const std::string& word) { read(word); };
  std::string shown;
  for (const auto& word : words) shown.append(shown.empty() ? "" : "|").append(word);
  return app_->add_option_function(std::move(names), read_text, std::move(help))
      ->transform(CLI::IsMember(std::move(words), CLI::ignore_case).description(""))
      ->type_name(std::move(shown));
}

void Command::exactly_one_of(std::vector<DeclaredOption> options) const {
  limit_group(std::move(options), 1);
}

void Command::at_most_one_of(std::vector<DeclaredOption> options) const {
  limit_group(std::move(options), 0);
}

void Command::limit_group(std::vector<DeclaredOption> options, std::size_t least) const {
  std::string names;
  for (const auto* option : options) names.append(names.empty() ? "" : ", ").append(option->get_name());
  tree_->checks[app_].push_back([options, names, least] {
    std::size_t given = 0;
    for (const auto* option : options) given += option->count() > 0 ? 1 : 0;
    if (given >= least && given <= 1) return;
    throw CLI::ValidationError(std::string(given > 1 ? "give only one of " : "give one of ") + names);
  });
}

void Command::on_run(std::function<void()> run) const {
  app_->final_callback([tree = tree_, run = std::move(run)] { tree->chosen = run; });
}

CLI::App& Command::add_node(std::string name, std::string summary) const {
  auto& node = *app_->add_subcommand(std::move(name), std::move(summary));
  add_json_flag(node, tree_->wants_json);
  return node;
}

CommandLine::CommandLine(std::string program, std::string summary, std::string version)
    : tree_(std::make_unique<CommandTree>(std::move(summary), std::move(program))) {
  tree_->root.set_version_flag("--version", std::move(version), "Print the version");
  add_json_flag(tree_->root, tree_->wants_json);
  tree_->root.require_subcommand(0, 1);
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() const {
  return Command(*tree_, tree_->root);
}

bool CommandLine::wants_json() const {
  return tree_->wants_json;
}

Parsed CommandLine::parse(const std::vector<std::string>& arguments) {
  auto& root = tree_->root;
  const auto [node, unknown_word] = walk(root, arguments);
  const auto names = names_below(*node);
  try {
    if (unknown_word) return unknown_command(*node, *unknown_word);
    std::vector<std::string> last_first(arguments.rbegin(), arguments.rend());
    root.parse(std::move(last_first));
    for (const auto& check : tree_->checks[node]) check();
  } catch (const CLI::CallForHelp&) {
    return {Parsed::Outcome::help, root.help(), ""};
  } catch (const CLI::CallForVersion& version) {
    return {Parsed::Outcome::help, version.what(), ""};
  } catch (const CLI::ParseError& problem) {
    return refused(*node, problem);
  }
  if (!tree_->chosen) {
    return {Parsed::Outcome::wrong, "'" + full_name(*node) + "' needs a command: " + listed(names),
            "see '" + full_name(*node) + " --help'"};
  }
  return {};
}

void CommandLine::run() const {
  tree_->chosen();
}

}  // namespace poly::cli
