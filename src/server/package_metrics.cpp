#include "server/package_metrics.hpp"

namespace poly::server {
namespace {

using Type = journal::Metrics::Type;

struct Watched {
  std::string_view name;
  std::string_view help;
  Type type;
  std::atomic<std::uint64_t> packages::PackageCounters::* counter;
};

constexpr auto all_watched = std::to_array<Watched>({
    {"poly_package_layers", "Layers of packages that are installed.", Type::gauge,
     &packages::PackageCounters::layers},
    {"poly_package_installs_total", "Layers that were installed.", Type::counter,
     &packages::PackageCounters::installed},
    {"poly_package_reuses_total", "Deploys whose packages were there.", Type::counter,
     &packages::PackageCounters::reused},
    {"poly_package_failures_total", "Installations that failed.", Type::counter,
     &packages::PackageCounters::failed},
    {"poly_package_removals_total", "Layers that nothing used any more.", Type::counter,
     &packages::PackageCounters::removed},
});

}  // namespace

void watch_packages(journal::Metrics& metrics, const packages::Packages& packages) {
  for (const auto& watched : all_watched) {
    auto read = [&packages, counter = watched.counter] {
      return static_cast<double>((packages.counters().*counter).load());
    };
    metrics.watch(watched.name, watched.help, watched.type, std::move(read));
  }
}

}  // namespace poly::server
