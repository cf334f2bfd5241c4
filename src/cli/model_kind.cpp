#include "cli/model_kind.hpp"

#include <array>

#include "base/ascii_case.hpp"
#include "base/json.hpp"

namespace poly::cli {
namespace {

struct Ending {
  std::string_view text;
  DescriptionKind kind;
};

constexpr auto endings = std::to_array<Ending>({
    {".har", DescriptionKind::har},
    {".wsdl", DescriptionKind::wsdl},
    {".graphql", DescriptionKind::graphql},
    {".graphqls", DescriptionKind::graphql},
    {".gql", DescriptionKind::graphql},
    {".curl", DescriptionKind::curl},
    {".sh", DescriptionKind::curl},
});

// How far into a text one looks for its kind.
constexpr std::size_t text_seen_max = 64 * 1024;

std::string_view without_leading_space(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

DescriptionKind kind_of_json(std::string_view text) {
  const auto parsed = parse_json(text, "the description");
  const auto* root = parsed ? parsed->if_object() : nullptr;
  if (!root || root->contains("openapi") || root->contains("swagger")) return DescriptionKind::openapi;
  const auto* log = root->if_contains("log");
  if (log && find(*log, "entries")) return DescriptionKind::har;
  const auto* data = root->if_contains("data");
  if (root->contains("__schema") || (data && find(*data, "__schema"))) return DescriptionKind::graphql;
  const auto* info = root->if_contains("info");
  const bool is_collection = (root->contains("item") && info) || root->contains("collection");
  return is_collection ? DescriptionKind::postman : DescriptionKind::openapi;
}

// A line of a GraphQL schema that says what can be asked.
bool declares_queries(std::string_view text) {
  for (const std::string_view line : {"type Query", "schema {", "schema{", "type Mutation"}) {
    const auto at = text.find(line);
    if (at != std::string_view::npos && (at == 0 || text[at - 1] == '\n')) return true;
  }
  return false;
}

}  // namespace

DescriptionKind kind_of(const std::filesystem::path& file, std::string_view text) {
  const auto ending = lower(file.extension().string());
  for (const auto& [known, kind] : endings) {
    if (ending == known) return kind;
  }
  const auto start = without_leading_space(text);
  if (start.starts_with('{')) return kind_of_json(start);
  if (start.starts_with('<')) return DescriptionKind::wsdl;
  for (const std::string_view command : {"curl ", "$ curl ", "curl.exe "}) {
    if (start.starts_with(command)) return DescriptionKind::curl;
  }
  return declares_queries(text.substr(0, text_seen_max)) ? DescriptionKind::graphql
                                                         : DescriptionKind::openapi;
}

std::string reading_path(DescriptionKind kind) {
  const auto word = kind == DescriptionKind::openapi ? std::string_view("oas") : word_of(kind);
  return "/specification-input/" + std::string(word);
}

}  // namespace poly::cli
