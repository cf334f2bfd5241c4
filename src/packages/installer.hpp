// What each ecosystem's tool does for us: requirements to exact packages, exact packages to a folder.
#pragma once

#include <string>
#include <vector>

#include "packages/requirement.hpp"
#include "packages/toolbox.hpp"

namespace poly::packages {

// Exact packages. Whoever has it installs the same, whatever the registry has got since.
struct Lock {
  std::string text;                     // what the tool installs from
  std::vector<std::string> identities;  // a sorted line for each package that no other content shares
  std::vector<std::string> packages;    // for people: `lodash@4.17.21`, sorted
};

// Both throw Failure: bad_request in the registry's own words when a package is missing or broken, upstream
// when the registry cannot be reached, unavailable when the disk is full or the tool is not there.
class Installer {
 public:
  virtual ~Installer() = default;

  // What packages that were built are bound to: interpreter and platform.
  virtual Task<std::string> engine() = 0;
  virtual Task<Lock> resolve(std::vector<Requirement> requirements, WorkFolders folders) = 0;
  // Into `folders.fresh`, which is there and empty.
  virtual Task<void> install(Lock lock, WorkFolders folders) = 0;
};

// SHA-256 over what decides a layer's content, in hex.
std::string layer_hash(Ecosystem ecosystem, const std::string& engine, const Lock& lock);
// The same over what was asked for.
std::string wish_hash(Ecosystem ecosystem, const std::string& engine, const std::vector<Requirement>& wish);

std::unique_ptr<Installer> make_npm(Toolbox& tools);
std::unique_ptr<Installer> make_pip(Toolbox& tools);
std::unique_ptr<Installer> make_maven(Toolbox& tools);

}  // namespace poly::packages
