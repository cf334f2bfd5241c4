// The files of a description: the one that a person names, and those that it refers to.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "cli/api.hpp"
#include "cli/model_kind.hpp"

namespace poly::cli {

inline constexpr std::size_t description_files_max = 2'000;

struct DescriptionSource {
  DescriptionKind kind = DescriptionKind::openapi;
  std::string entry;                         // path of the first file, relative to its folder
  std::map<std::string, std::string> files;  // texts by path relative to that folder
};

// `text` of `file`, and every JSON, YAML, XSD or WSDL file below the same folder that it or one of those
// refers to. What a description refers to outside of its folder is not read: it may come from a stranger.
DescriptionSource gather(DescriptionKind kind, const std::filesystem::path& file, std::string text);

// The request that has the server read it: one text as it is, several files as a bundle.
Call reading_call(const DescriptionSource& source);

}  // namespace poly::cli
