// Names of the catalog made from the names of a document: `X-GitHub-Api-Version` → `xGitHubApiVersion`.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace poly::training {

// Words are what stands between characters that are neither ASCII letters nor digits. The first word
// starts small (a run of capitals as a whole: `APIKey` → `apiKey`), the others start with a capital and
// keep the rest. A name that would start with a digit gets `_` in front. "" when there is no word.
std::string camel_case(std::string_view text);
std::string pascal_case(std::string_view text);

// The remainder of an operationId that repeats its tag (`repos/list-for-org` of `repos` → `list-for-org`),
// else the whole.
std::string_view without_tag(std::string_view operation_id, std::string_view tag);

// Names that are taken. Case does not tell two names apart: some languages and file systems cannot.
class NameClaims final {
 public:
  // `wanted`, or `wanted2`, `wanted3` … when it is taken; the answer is taken from then on.
  std::string claim(std::string_view wanted);
  // The first of several that is free, else the first one with a number.
  std::string claim_first_free(const std::vector<std::string>& wanted);
  void reserve(std::string_view name);

 private:
  bool take(std::string_view name);
  std::set<std::string> taken_;
};

}  // namespace poly::training
