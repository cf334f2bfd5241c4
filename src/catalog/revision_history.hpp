// What was deployed of each server function: rows that the catalog writes together with its own change, and
// that are read when people look or go back.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/resource.hpp"
#include "store/store.hpp"

namespace poly::catalog {

// The newest of each function; older ones stay only while calls go to them.
inline constexpr std::size_t revisions_kept_default = 20;

// What is told of a revision besides the revision itself.
struct DeployNote {
  std::optional<ApiKeyId> deployed_by;
  std::string text;
};

struct RevisionEntry {
  int number = 0;
  std::string hash;
  spec::Language language = spec::Language::javascript;
  std::vector<std::string> requirements;
  Timestamp deployed_at;
  std::optional<ApiKeyId> deployed_by;
  std::string note;
  bool served = false;  // calls went to it once
};

// Adds to `batch` what the history needs for a server function that becomes `after`. `before` is null for a
// new one.
void append_history(std::vector<store::Statement>& batch, const Resource* before, const Resource& after,
                    const DeployNote& note, std::size_t revisions_kept);

// What revisions have outside of the store: installed packages, and programs.
struct FilesInUse {
  std::set<std::string> layers;
  std::set<std::string> programs;

  void add(const spec::Code& code);
};

class RevisionHistory final {
 public:
  explicit RevisionHistory(store::Store& store) : store_(store) {}
  RevisionHistory(const RevisionHistory&) = delete;
  RevisionHistory& operator=(const RevisionHistory&) = delete;

  // The newest first.
  Task<std::vector<RevisionEntry>> list(ResourcePointer function) const;
  // Throws not_found when it was never there, or is not kept any more.
  Task<spec::Revision> find(ResourcePointer function, int number) const;
  // Those of every revision that is kept, of all functions.
  Task<FilesInUse> files() const;

 private:
  store::Store& store_;
};

}  // namespace poly::catalog
