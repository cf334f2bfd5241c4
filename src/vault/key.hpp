// A key in guarded memory (not swapped, fenced, wiped), and the cipher under it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "store/statement.hpp"

namespace poly::vault {

class Key final {
 public:
  static constexpr std::size_t size = 32;

  static Key random();
  // A copy of exactly `size` bytes.
  static Key of(std::span<const std::uint8_t> bytes);
  static Result<Key> parse(std::string_view base64);

  Secret base64() const;
  std::string_view bytes() const;

  // nonce, then the sealed text with its tag.
  store::Blob seal(std::string_view plain, std::string_view associated) const;
  // Nothing when the text, the associated data or the key is another.
  std::optional<Secret> open(const store::Blob& sealed, std::string_view associated) const;

 private:
  struct Free {
    void operator()(std::uint8_t* bytes) const;
  };
  Key();
  std::unique_ptr<std::uint8_t, Free> bytes_;
};

// Must have been called once before any key is made; CHECKs that the library starts.
void start_cipher();

}  // namespace poly::vault
