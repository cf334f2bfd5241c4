// `poly model train`: a model goes live as a whole, and what that changes is told. `poly model validate` asks
// the same and changes nothing.
#include <algorithm>
#include <memory>

#include "base/codec.hpp"
#include "cli/model_parts.hpp"
#include "cli/resource_kind.hpp"

namespace poly::cli {
namespace {

struct TrainOptions {
  std::string file;
  bool dry_run = false;
};

// How many of the things that were only added, and of the details of one change, are named.
constexpr std::size_t added_shown_max = 20;

bool flag_in(const Json& value, std::string_view member) {
  const auto* flag = find(value, member);
  return flag && *flag == true;
}

std::string count_in(const Json& outcome, std::string_view member) {
  return shown_member(outcome, member);
}

// `used by server function shop.place (through shop.price)`
std::string text_of_user(const Json& user) {
  auto text = "used by " + shown_member(user, "kind") + " " + shown_member(user, "path");
  if (const auto through = shown_member(user, "through"); !through.empty())
    text += " (through " + through + ")";
  return text;
}

std::string text_of_problems(const Json& outcome) {
  std::string text;
  for (const auto& problem : list_in(outcome, "problems")) {
    text += "  " + shown_member(problem, "kind") + " " + shown_member(problem, "path") + ": " +
            shown_member(problem, "message") + "\n";
  }
  return text;
}

class Story {
 public:
  Story(const Printer& printer, const Json& outcome) : printer_(printer), outcome_(outcome) {}

  std::string text() {
    headline();
    text_ += text_of_problems(outcome_);
    changed();
    added();
    left_over();
    return std::move(text_);
  }

 private:
  void headline() {
    text_ = flag_in(outcome_, "dryRun") ? "would be: " : "";
    text_ += count_in(outcome_, "added") + " added, " + count_in(outcome_, "updated") + " updated, " +
             count_in(outcome_, "unchanged") + " unchanged, " + count_in(outcome_, "failed") + " failed\n";
  }

  void changed() {
    for (const auto& entry : list_in(outcome_, "changes")) {
      if (shown_member(entry, "change") == "added") continue;
      const bool breaking = flag_in(entry, "breaking");
      text_ += "~ " + shown_member(entry, "kind") + " " + shown_member(entry, "path") +
               (breaking ? printer_.coloured("  breaking", Colour::red) : "") + "\n";
      for (const auto& detail : list_in(entry, "details")) {
        text_ += flag_in(detail, "breaking") ? "    ! " : "      ";
        text_ += shown_member(detail, "what") + "\n";
      }
      for (const auto& user : list_in(entry, "usedBy")) text_ += "      " + text_of_user(user) + "\n";
    }
  }

  void added() {
    std::size_t count = 0;
    for (const auto& entry : list_in(outcome_, "changes")) {
      if (shown_member(entry, "change") != "added") continue;
      if (++count <= added_shown_max)
        text_ += "+ " + shown_member(entry, "kind") + " " + shown_member(entry, "path") + "\n";
    }
    if (count > added_shown_max) text_ += "+ " + std::to_string(count - added_shown_max) + " more\n";
  }

  void left_over() {
    for (const auto& entry : list_in(outcome_, "leftOver")) {
      text_ += "? function " + shown_member(entry, "path") + " is not in the model\n";
      for (const auto& user : list_in(entry, "usedBy")) text_ += "      " + text_of_user(user) + "\n";
    }
  }

  const Printer& printer_;
  const Json& outcome_;
  std::string text_;
};

enum class Rehearsal { none, dry_run };

Json outcome_of_training(Shell& shell, const std::string& file, Rehearsal rehearsal) {
  auto model = read_checked_model(shell, file);
  shell.printer().progress("training " + file + " …");
  auto call = with_json(http::Method::post, "/specification-input/training",
                        JsonObject{{"title", model.title},
                                   {"schemas", std::move(model.schemas)},
                                   {"functions", std::move(model.functions)},
                                   {"webhooks", std::move(model.webhooks)}});
  call.time_max = large_call_time_max;
  if (rehearsal == Rehearsal::dry_run) call.query.emplace_back("dryRun", "true");
  return shell.api().content(call);
}

void run_train(Shell& shell, const TrainOptions& given) {
  const auto rehearsal = given.dry_run ? Rehearsal::dry_run : Rehearsal::none;
  const auto outcome = outcome_of_training(shell, given.file, rehearsal);
  shell.printer().result(outcome, Story(shell.printer(), outcome).text());
  if (!list_in(outcome, "problems").empty()) shell.end_with(ExitCode::failed);
}

void run_validate(Shell& shell, const std::string& file) {
  const auto outcome = outcome_of_training(shell, file, Rehearsal::dry_run);
  const auto& problems = list_in(outcome, "problems");
  std::int64_t valid = 0;
  for (const std::string_view part : {"added", "updated", "unchanged"}) {
    const auto* count = find(outcome, part);
    if (count && count->is_int64()) valid += count->get_int64();
  }
  const JsonObject document{{"valid", valid}, {"invalid", problems.size()}, {"problems", problems}};
  shell.printer().result(document, std::to_string(valid) + " valid, " + std::to_string(problems.size()) +
                                       " invalid\n" + text_of_problems(outcome));
  if (!problems.empty()) shell.end_with(ExitCode::failed);
}

}  // namespace

void add_model_validate(const Command& group, Shell& shell) {
  const auto command = group.add_command("validate", "Ask the server what it would refuse of a model",
                                         {"poly model validate pets.model.json"});
  auto file = std::make_shared<std::string>();
  command.positional("FILE", *file, "A model, as `poly model generate` writes it");
  command.on_run([&shell, file] { run_validate(shell, *file); });
}

void add_model_train(const Command& group, Shell& shell) {
  const auto command =
      group.add_command("train", "Add or update everything of a model, and say what changes",
                        {"poly model train pets.model.json", "poly model train pets.model.json --dry-run"});
  auto given = std::make_shared<TrainOptions>();
  command.positional("FILE", given->file, "A model, as `poly model generate` writes it");
  command.flag("--dry-run", given->dry_run, "Only say what would change, and who uses it");
  command.on_run([&shell, given] { run_train(shell, *given); });
}

}  // namespace poly::cli
