#include "base/time_ordered_id.hpp"

namespace poly {

Uuid TimeOrderedIdSource::next() {
  auto uuid = random_.next();
  auto milliseconds = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8)
    uuid.bytes[i] = static_cast<std::uint8_t>(milliseconds & 0xFF);
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x70);
  return uuid;
}

}  // namespace poly
