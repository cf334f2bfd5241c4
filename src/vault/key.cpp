#include "vault/key.hpp"

#include <cstring>
#include <new>

#include <sodium.h>

namespace poly::vault {

namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(Key::size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

void start_cipher() {
  CHECK(sodium_init() >= 0);
}

void Key::Free::operator()(std::uint8_t* bytes) const {
  sodium_free(bytes);
}

Key::Key() : bytes_(static_cast<std::uint8_t*>(sodium_malloc(size))) {
  if (!bytes_) throw std::bad_alloc();
}

Key Key::random() {
  Key key;
  randombytes_buf(key.bytes_.get(), size);
  return key;
}

Key Key::of(std::span<const std::uint8_t> bytes) {
  CHECK(bytes.size() == size);
  Key key;
  std::memcpy(key.bytes_.get(), bytes.data(), size);
  return key;
}

Result<Key> Key::parse(std::string_view base64) {
  Key key;
  std::size_t length = 0;
  const int decoded = sodium_base642bin(key.bytes_.get(), size, base64.data(), base64.size(), " \r\n",
                                        &length, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (decoded != 0 || length != size) return fail(ErrorKind::bad_request, "it must be base64 of 32 bytes");
  return key;
}

Secret Key::base64() const {
  std::string text(sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes_.get(), size, sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating zero
  return Secret(std::move(text));
}

std::string_view Key::bytes() const {
  return {reinterpret_cast<const char*>(bytes_.get()), size};
}

store::Blob Key::seal(std::string_view plain, std::string_view associated) const {
  store::Blob sealed;
  sealed.bytes.resize(nonce_bytes + plain.size() + tag_bytes);
  auto* nonce = sealed.bytes.data();
  randombytes_buf(nonce, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr, bytes_of(plain), plain.size(),
                                             bytes_of(associated), associated.size(), nullptr, nonce,
                                             bytes_.get());
  return sealed;
}

std::optional<Secret> Key::open(const store::Blob& sealed, std::string_view associated) const {
  if (sealed.bytes.size() < nonce_bytes + tag_bytes) return std::nullopt;
  const auto* nonce = sealed.bytes.data();
  const auto length = sealed.bytes.size() - nonce_bytes;
  std::string plain(length - tag_bytes, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<std::uint8_t*>(plain.data()), nullptr, nullptr, nonce + nonce_bytes, length,
      bytes_of(associated), associated.size(), nonce, bytes_.get());
  if (opened != 0) return std::nullopt;
  return Secret(std::move(plain));
}

}  // namespace poly::vault
