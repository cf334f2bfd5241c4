#include "base/time_ordered_id.hpp"

namespace poly {
namespace {

constexpr unsigned count_bits = 12;
constexpr std::uint64_t count_mask = (1U << count_bits) - 1;

}  // namespace

// The milliseconds, and below them how many ids this one has had before.
std::uint64_t TimeOrderedIdSource::tick() {
  auto last = last_.load();
  std::uint64_t next = 0;
  do {
    const auto now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
    next = last >> count_bits == now ? last + 1 : now << count_bits;
  } while (!last_.compare_exchange_weak(last, next));
  return next;
}

Uuid TimeOrderedIdSource::next() {
  auto uuid = random_.next();
  const auto tick_now = tick();
  auto milliseconds = tick_now >> count_bits;
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8)
    uuid.bytes[i] = static_cast<std::uint8_t>(milliseconds & 0xFF);
  const auto count = tick_now & count_mask;
  uuid.bytes[6] = static_cast<std::uint8_t>(count >> 8 | 0x70);
  uuid.bytes[7] = static_cast<std::uint8_t>(count & 0xFF);
  return uuid;
}

}  // namespace poly
