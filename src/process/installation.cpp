#include "process/installation.hpp"

namespace poly::process {
namespace {

namespace fs = std::filesystem;

fs::path installation_of(const fs::path& program) {
  const auto folder = program.parent_path();
  return folder.filename() == "bin" ? folder.parent_path() : program;
}

}  // namespace

std::vector<fs::path> installations_of(const fs::path& program) {
  std::error_code absent;
  return {installation_of(program), installation_of(fs::canonical(program, absent))};
}

}  // namespace poly::process
