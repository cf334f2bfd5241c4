// The words of the command line, as a tree: groups (`function`) and commands (`function add`) with their
// arguments, help and what they do. The parsing itself is CLI11's and stays in command.cpp.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_words.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace poly::cli {

enum class Presence { optional, required };

// An argument that was declared; `only_one_of` and the like take it.
using DeclaredOption = CLI::Option*;

struct CommandTree;  // of command.cpp

// A handle to one node of the tree; the CommandLine owns the nodes. The variables that arguments are read
// into must live as long as it does: a command keeps them in a shared struct that its run function holds.
class Command final {
 public:
  Command(CommandTree& tree, CLI::App& app) : tree_(&tree), app_(&app) {}

  Command add_group(std::string name, std::string summary) const;
  // `summary` is one line; the examples are shown at the end of the help, a line each.
  Command add_command(std::string name, std::string summary, std::vector<std::string> examples) const;

  // `shown` is how help writes it: NAME, FILE.
  DeclaredOption positional(std::string shown, std::string& into, std::string help,
                            Presence presence = Presence::required) const;
  DeclaredOption positional(std::string shown, std::vector<std::string>& into, std::string help) const;

  // `names` such as `--limit` or `-o,--output`; `shown` is the value's name in the help.
  DeclaredOption option(std::string names, std::string shown, std::string& into, std::string help,
                        Presence presence = Presence::optional) const;
  DeclaredOption option(std::string names, std::string shown, std::optional<std::string>& into,
                        std::string help) const;
  DeclaredOption option(std::string names, std::string shown, std::optional<int>& into,
                        std::string help) const;
  DeclaredOption option(std::string names, std::string shown, std::optional<double>& into,
                        std::string help) const;
  // May be given again and again.
  DeclaredOption option(std::string names, std::string shown, std::vector<std::string>& into,
                        std::string help) const;
  DeclaredOption flag(std::string names, bool& into, std::string help) const;

  // A word of an enum, in either case; the help lists the words.
  template <WordEnum Enum>
  DeclaredOption choice(std::string names, std::optional<Enum>& into, std::string help) const {
    std::vector<std::string> words;
    for (const auto& entry : enum_words<Enum>) words.emplace_back(entry.word);
    auto read = [&into](std::string_view word) { into = enum_of<Enum>(word); };
    return choice_of(std::move(names), std::move(words), std::move(read), std::move(help));
  }

  void exactly_one_of(std::vector<DeclaredOption> options) const;
  void at_most_one_of(std::vector<DeclaredOption> options) const;

  void on_run(std::function<void()> run) const;

 private:
  DeclaredOption choice_of(std::string names, std::vector<std::string> words,
                           std::function<void(std::string_view)> read, std::string help) const;
  void limit_group(std::vector<DeclaredOption> options, std::size_t least) const;
  CLI::App& add_node(std::string name, std::string summary) const;

  CommandTree* tree_;
  CLI::App* app_;
};

// How reading a command line ended.
struct Parsed {
  enum class Outcome { command, help, wrong };
  Outcome outcome = Outcome::command;
  std::string text;  // help: the help; wrong: the reason
  std::string hint;  // wrong: what to type instead
};

class CommandLine final {
 public:
  CommandLine(std::string program, std::string summary, std::string version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command root() const;
  bool wants_json() const;

  Parsed parse(const std::vector<std::string>& arguments);
  // Does what the parsed command does; what it throws goes through.
  void run() const;

 private:
  std::unique_ptr<CommandTree> tree_;
};

}  // namespace poly::cli
