#include "http/address_filter.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace poly::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned mapped_bits = 96;

struct DeniedNetwork {
  std::string_view network;
  std::string_view reason;
};

// The special-purpose registries of IANA, and the metadata endpoints that hide among public addresses.
constexpr DeniedNetwork denied_networks[] = {
    {"0.0.0.0/8", "unspecified"},
    {"10.0.0.0/8", "private"},
    {"100.64.0.0/10", "private (shared by carriers)"},
    {"127.0.0.0/8", "loopback"},
    {"168.63.129.16/32", "a cloud's metadata"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", "private"},
    {"192.0.0.0/24", "reserved"},
    {"192.168.0.0/16", "private"},
    {"198.18.0.0/15", "reserved"},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
    {"::/128", "unspecified"},
    {"::1/128", "loopback"},
    {"100::/64", "reserved"},
    {"fc00::/7", "private"},
    {"fe80::/10", "link-local"},
    {"fec0::/10", "private"},
    {"ff00::/8", "multicast"},
};

struct Denied {
  Network network;
  std::string_view reason;
};

const std::vector<Denied>& denied_list() {
  static const auto list = [] {
    std::vector<Denied> parsed;
    for (const auto& entry : denied_networks)
      parsed.push_back({Network::parse(entry.network).value(), entry.reason});
    return parsed;
  }();
  return list;
}

// The IPv4 address inside an IPv6 one that some router would send on to it.
std::optional<IpAddress> carried_ipv4(const IpAddress& address) {
  static const auto nat64 = Network::parse("64:ff9b::/96").value();
  static const auto six_to_four = Network::parse("2002::/16").value();
  static const auto compatible = Network::parse("::/96").value();
  const auto at = [&address](std::size_t offset) {
    std::array<std::uint8_t, 4> bytes;
    std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(offset), 4, bytes.begin());
    return IpAddress::of_ipv4(bytes);
  };
  if (nat64.contains(address) || compatible.contains(address)) return at(12);
  if (six_to_four.contains(address)) return at(2);
  return std::nullopt;
}

}  // namespace

bool IpAddress::is_ipv4() const {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin());
}

IpAddress IpAddress::of_ipv4(std::array<std::uint8_t, 4> four) {
  IpAddress address;
  std::ranges::copy(mapped_prefix, address.bytes.begin());
  std::ranges::copy(four, address.bytes.begin() + mapped_prefix.size());
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  std::array<std::uint8_t, 4> four;
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return of_ipv4(four);
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

Result<Network> Network::parse(std::string_view text) {
  const auto wrong = [text](std::string_view reason) {
    return fail(ErrorKind::bad_request, "network '" + std::string(text) + "': " + std::string(reason));
  };
  const auto slash = std::min(text.find('/'), text.size());
  const auto base = IpAddress::parse(text.substr(0, slash));
  if (!base) return wrong("expected an address and a prefix length, such as 127.0.0.0/8 or fd00::/8");

  const bool ipv4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const unsigned bits_max = ipv4 ? 32 : 128;
  unsigned bits = bits_max;
  if (slash != text.size()) {
    const auto digits = text.substr(slash + 1);
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (problem != std::errc() || end != digits.data() + digits.size() || bits > bits_max) {
      return wrong("the prefix length is not a number from 0 to " + std::to_string(bits_max));
    }
  }
  const Network network(*base, ipv4 ? mapped_bits + bits : bits);
  for (unsigned bit = network.prefix_bits_; bit < 128; ++bit) {
    if (base->bytes[bit / 8] & (0x80U >> (bit % 8))) {
      return wrong("the address has bits set after its prefix of " + std::to_string(bits));
    }
  }
  return network;
}

bool Network::contains(const IpAddress& address) const {
  const auto whole = prefix_bits_ / 8;
  if (std::memcmp(address.bytes.data(), base_.bytes.data(), whole) != 0) return false;
  if (prefix_bits_ % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> (prefix_bits_ % 8));
  return (address.bytes[whole] & mask) == (base_.bytes[whole] & mask);
}

std::optional<std::string_view> AddressFilter::denied(const IpAddress& address) const {
  if (std::ranges::any_of(allowed_,
                          [&address](const Network& network) { return network.contains(address); })) {
    return std::nullopt;
  }
  for (const auto& [network, reason] : denied_list()) {
    if (network.contains(address)) return reason;
  }
  if (const auto carried = carried_ipv4(address)) return denied(*carried);
  return std::nullopt;
}

}  // namespace poly::http
