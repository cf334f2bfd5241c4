#include "outbound/digest.hpp"

#include <sodium.h>

namespace poly::outbound {
namespace {

// Foreign to anybody else, so that a digest that were seen tells nothing of short secrets.
const Digest& process_key() {
  static const Digest key = [] {
    Digest random;
    randombytes_buf(random.data(), random.size());
    return random;
  }();
  return key;
}

}  // namespace

Digest digest_of(std::initializer_list<std::string_view> parts) {
  crypto_generichash_state state;
  Digest digest;
  crypto_generichash_init(&state, process_key().data(), process_key().size(), digest.size());
  for (const auto part : parts) {
    const std::uint64_t size = part.size();
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  }
  crypto_generichash_final(&state, digest.data(), digest.size());
  return digest;
}

}  // namespace poly::outbound
