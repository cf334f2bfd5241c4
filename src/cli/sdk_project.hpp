// The SDK in a developer's npm project: what it was made from, and its packages on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/codec.hpp"
#include "cli/api.hpp"
#include "sdk/sdk.hpp"

namespace poly::cli {

// The part of the catalog that an SDK covers; everything when empty. Kept beside the SDK.
struct SdkSelection {
  std::vector<std::string> contexts, names, ids;
  bool no_types = false;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("contexts", self.contexts);
    field.optional("names", self.names);
    field.optional("ids", self.ids);
    field.optional("noTypes", self.no_types);
  }
  bool operator==(const SdkSelection&) const = default;
};

// `GET /specs` for the selection.
Call specs_call(const SdkSelection& selection);

// The files of the packages, made from the answer of that call.
Result<std::vector<sdk::GeneratedFile>> sdk_files(const Json& specs, const SdkSelection& selection,
                                                  const ServerSettings& settings);

// `node_modules` of the nearest folder, from `folder` upwards, that holds a package.json.
std::optional<std::filesystem::path> project_packages(const std::filesystem::path& folder);

// Puts the packages in the place of an earlier generation, each whole or not at all. A package of the same
// name that was installed from elsewhere is left alone; the names of those are returned.
std::vector<std::string> replace_packages(const std::filesystem::path& packages,
                                          const std::vector<sdk::GeneratedFile>& files);

// What the SDK there was made from, or nothing when there is none.
struct InstalledSdk {
  SdkSelection selection;
  std::string specs;  // the text of its specs.json
};
std::optional<InstalledSdk> installed_sdk(const std::filesystem::path& packages);

// The text that specs.json would have if it were made now.
std::string specs_text(const std::vector<sdk::GeneratedFile>& files);

}  // namespace poly::cli
