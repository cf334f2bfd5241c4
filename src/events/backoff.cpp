#include "events/backoff.hpp"

#include <algorithm>

namespace poly::events {
namespace {

// Between 0 and 1, evenly.
double fraction_of(EventId event, int attempts) {
  constexpr std::uint64_t mixing = 0x9E3779B97F4A7C15ULL;  // the golden ratio: spreads neighbours far apart
  auto mixed = (std::hash<EventId>()(event) + static_cast<std::uint64_t>(attempts)) * mixing;
  mixed = (mixed ^ (mixed >> 32)) * mixing;
  return static_cast<double>(mixed >> 11) / static_cast<double>(std::uint64_t{1} << 53);
}

}  // namespace

std::chrono::milliseconds backoff(const EventSettings& settings, EventId event, int attempts) {
  CHECK(attempts >= 1);
  auto whole = settings.backoff_first;
  for (int i = 1; i < attempts && whole < settings.backoff_max; ++i) whole *= 2;
  whole = std::min(whole, settings.backoff_max);
  const auto cut = static_cast<double>(whole.count()) / 2 * fraction_of(event, attempts);
  return whole - std::chrono::milliseconds(static_cast<std::int64_t>(cut));
}

}  // namespace poly::events
