#include "base/id.hpp"

#include <span>

#include <sodium.h>

namespace poly {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr bool hyphen_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void mark_version_4(Uuid& uuid) {
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x40);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
}

}  // namespace

std::string Uuid::text() const {
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (hyphen_before(i)) out.push_back('-');
    out.push_back(hex_digits[bytes[i] >> 4]);
    out.push_back(hex_digits[bytes[i] & 15]);
  }
  return out;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  std::size_t at = 0;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (hyphen_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    uuid.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return uuid;
}

Uuid RandomIdSource::next() {
  // One system call for many ids; the bytes of an id are used once.
  constexpr std::size_t ids_per_refill = 256;
  thread_local std::array<Uuid, ids_per_refill> buffer;
  thread_local std::size_t left = 0;
  if (left == 0) {
    randombytes_buf(buffer.data(), sizeof buffer);
    left = buffer.size();
  }
  Uuid uuid = buffer[--left];
  mark_version_4(uuid);
  return uuid;
}

Uuid CountingIdSource::next() {
  Uuid uuid;
  std::uint64_t count = ++count_;
  for (std::size_t i = 15; i > 8; --i, count >>= 8) uuid.bytes[i] = static_cast<std::uint8_t>(count & 0xFF);
  mark_version_4(uuid);
  return uuid;
}

}  // namespace poly
