// Where the programs of functions lie, each in a file of its own. Only polyd may enter: a worker is given the
// open file of the one program that it runs, and can name no other.
#pragma once

#include <chrono>
#include <filesystem>
#include <set>

#include "base/loop.hpp"
#include "base/time.hpp"
#include "runtime/program.hpp"

namespace poly::runtime {

// How long a program stays that nothing uses: the deploy that made it may not have been stored yet.
inline constexpr std::chrono::hours unused_program_kept_for{1};

// Any thread may use it.
class ProgramFolder final {
 public:
  // Makes the folder when it is missing. Throws Failure (unavailable) when the disk does not let it.
  ProgramFolder(std::filesystem::path folder, BlockingPool& pool);

  // Returns when the program, which comes in Base64, is on the disk under `name`; what was there before stays
  // for those that run it. Throws Failure: unavailable when the disk does not let it, internal when it is no
  // Base64.
  Task<void> keep(std::string name, std::string base64) const;

  // Fails with not_found when it is not there.
  Result<process::Fd> open(const std::string& name) const;

  // Removes what is not in use, and is not new at `now`.
  Task<void> sweep(std::set<std::string> in_use, Timestamp now) const;

 private:
  std::filesystem::path folder_;
  BlockingPool& pool_;
};

}  // namespace poly::runtime
