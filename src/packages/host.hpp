// What the host says about registries: its user's configuration of npm, pip and Maven, and variables of the
// environment. Firms have registries of their own; whoever set them up for the user has set them up for us.
#pragma once

#include <map>
#include <string>

#include "packages/settings.hpp"

namespace poly::packages {

// Fills what `settings` leaves open. Nothing else of `environment` reaches the tools.
void take_from_host(PackageSettings& settings, const std::map<std::string, std::string>& environment);

}  // namespace poly::packages
