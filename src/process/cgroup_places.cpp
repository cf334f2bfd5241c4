#include "process/cgroup_places.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace poly::process {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

bool lists(const std::string& comma_separated, const std::string& word) {
  const auto words = split(comma_separated, ',');
  return std::ranges::find(words, word) != words.end();
}

struct Mount {
  std::string root;   // what of the hierarchy is there
  std::string point;  // where it is
};

// A line is "36 35 98:0 /root /point options… - type source options": see proc(5).
std::optional<Mount> mount_of(const std::string& mountinfo, const std::string& controller) {
  for (const auto& line : split(mountinfo, '\n')) {
    const auto words = split(line, ' ');
    const auto dash = std::ranges::find(words, "-");
    if (words.end() - dash < 4 || dash - words.begin() < 6) continue;
    const bool is_it =
        controller.empty() ? dash[1] == "cgroup2" : dash[1] == "cgroup" && lists(dash[3], controller);
    if (is_it) return Mount{words[3], words[4]};
  }
  return std::nullopt;
}

// A line is "4:memory:/path", of version 2 "0::/path": see cgroups(7).
std::optional<std::string> membership_of(const std::string& membership, const std::string& controller) {
  for (const auto& line : split(membership, '\n')) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const bool is_it = controller.empty() ? controllers.empty() : lists(controllers, controller);
    if (is_it) return line.substr(second + 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::filesystem::path> own_cgroup(const std::string& mountinfo, const std::string& membership,
                                                const std::string& controller) {
  const auto mount = mount_of(mountinfo, controller);
  auto path = membership_of(membership, controller);
  if (!mount || !path) return std::nullopt;
  if (mount->root != "/" && path->starts_with(mount->root)) path->erase(0, mount->root.size());
  auto folder = std::filesystem::path(mount->point + "/" + *path).lexically_normal();
  return folder.has_filename() ? folder : folder.parent_path();
}

}  // namespace poly::process
