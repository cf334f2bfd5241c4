// What is installed, in /metrics.
#pragma once

#include "journal/metrics.hpp"
#include "packages/packages.hpp"

namespace poly::server {

void watch_packages(journal::Metrics& metrics, const packages::Packages& packages);

}  // namespace poly::server
