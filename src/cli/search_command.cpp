// `poly search`: finds functions, webhooks, variables and schemas by what they are called and do.
#include <algorithm>
#include <memory>
#include <tuple>

#include "base/ascii_case.hpp"
#include "cli/resource_kind.hpp"
#include "cli/shell.hpp"

namespace poly::cli {
namespace {

constexpr std::size_t results_max = 50;

// A word counts most in the name, then in the context, then in the description; every word must be somewhere.
int score_of(const Json& item, const std::vector<std::string>& words) {
  const auto name = lower(shown_member(item, "name"));
  const auto path = lower(path_of(item));
  const auto description = lower(shown_member(item, "description"));
  int score = 0;
  for (const auto& word : words) {
    if (name == word) {
      score += 8;
    } else if (name.find(word) != std::string::npos) {
      score += 4;
    } else if (path.find(word) != std::string::npos) {
      score += 2;
    } else if (description.find(word) != std::string::npos) {
      score += 1;
    } else {
      return 0;
    }
  }
  return score;
}

struct Found {
  int score;
  std::string path;
  const Json* item;
};

void run_search(Shell& shell, std::vector<std::string> words) {
  for (auto& word : words) word = lower(word);
  auto call = get("/specs", {{"noTypes", "true"}});
  call.time_max = large_call_time_max;
  const auto specs = shell.api().list(call);
  std::vector<Found> found;
  for (const auto& item : specs) {
    if (const auto score = score_of(item, words); score > 0) found.push_back({score, path_of(item), &item});
  }
  std::ranges::sort(found, [](const Found& a, const Found& b) {
    return std::tie(b.score, a.path) < std::tie(a.score, b.path);
  });
  if (found.size() > results_max) {
    shell.printer().note("the best " + std::to_string(results_max) + " of " + std::to_string(found.size()));
    found.resize(results_max);
  }
  JsonArray results;
  for (const auto& [score, path, item] : found) {
    results.push_back(JsonObject{{"id", shown_member(*item, "id")},
                                 {"type", shown_member(*item, "type")},
                                 {"context", shown_member(*item, "context")},
                                 {"name", shown_member(*item, "name")},
                                 {"description", shown_member(*item, "description")}});
  }
  const ResourceKind shape{
      "", "", {{"PATH", "path"}, {"TYPE", "type"}, {"ID", "id"}, {"DESCRIPTION", "description"}}};
  shell.printer().result(results, table_of(shape, results), "nothing found");
}

}  // namespace

void add_search_command(const Command& root, Shell& shell) {
  const auto command = root.add_command("search", "Find things in the catalog by what they are called and do",
                                        {"poly search customer", "poly search create order"});
  auto words = std::make_shared<std::vector<std::string>>();
  command.positional("WORD", *words, "Words that must all occur in its path or description");
  command.on_run([&shell, words] { run_search(shell, *words); });
}

}  // namespace poly::cli
