// What `poly doctor` looks at. Each check says what it found and, when that is not well, what to do.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/enum_words.hpp"
#include "cli/api.hpp"

namespace poly::cli {

enum class Health { ok, warn, fail };

struct Finding {
  std::string name;
  Health health = Health::ok;
  std::string message;
  std::string advice;  // empty when nothing is to be done
};

// The server answers, is ready, and says so of its parts. Empty of anything but one failure when it does not
// answer.
std::vector<Finding> check_server(const Api& api);
// The key is known and what it may not do.
std::vector<Finding> check_key(const Api& api);
// The SDK of the project there is present and made from the catalog as it is now.
std::vector<Finding> check_sdk(const Api& api, const std::filesystem::path& folder);
// What an SDK needs on this machine.
std::vector<Finding> check_tools(const std::filesystem::path& folder);

}  // namespace poly::cli

template <>
inline constexpr auto poly::enum_words<poly::cli::Health> = std::to_array<poly::EnumWord<poly::cli::Health>>({
    {poly::cli::Health::ok, "ok"},
    {poly::cli::Health::warn, "warn"},
    {poly::cli::Health::fail, "fail"},
});
