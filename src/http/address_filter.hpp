// Which addresses outgoing calls may reach. A function of a tenant names the host, so without this it could
// talk to the machine's own services, its neighbours or a cloud's metadata endpoint.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace poly::http {

// An IP address as 16 bytes; IPv4 as IPv6 writes it (::ffff:a.b.c.d), so both compare the same way.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  bool is_ipv4() const;
  static std::optional<IpAddress> parse(std::string_view text);  // "127.0.0.1", "::1"; no zone, no port
  static IpAddress of_ipv4(std::array<std::uint8_t, 4> bytes);
  bool operator==(const IpAddress&) const = default;
};

// `10.0.0.0/8`, `fd00::/8`; a bare address is a network of one.
class Network final {
 public:
  // The error quotes the text and says what is wrong with it.
  static Result<Network> parse(std::string_view text);

  bool contains(const IpAddress& address) const;

 private:
  Network(IpAddress base, unsigned prefix_bits) : base_(base), prefix_bits_(prefix_bits) {}

  IpAddress base_;
  unsigned prefix_bits_;  // counted in the 128 bits
};

class AddressFilter final {
 public:
  AddressFilter() = default;
  // `allowed` may be reached although they would be denied.
  explicit AddressFilter(std::vector<Network> allowed) : allowed_(std::move(allowed)) {}

  // Why the address may not be reached ("loopback", "private", "link-local" …), or nothing when it may.
  // Addresses that carry an IPv4 address (mapped, NAT64, 6to4) are judged by that one as well.
  std::optional<std::string_view> denied(const IpAddress& address) const;

 private:
  std::vector<Network> allowed_;
};

}  // namespace poly::http
