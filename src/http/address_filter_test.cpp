#include "http/address_filter.hpp"

#include <gtest/gtest.h>

namespace poly::http {
namespace {

AddressFilter allowing(std::initializer_list<std::string_view> networks) {
  std::vector<Network> parsed;
  for (const auto text : networks) parsed.push_back(Network::parse(text).value());
  return AddressFilter(std::move(parsed));
}

std::string verdict(const AddressFilter& filter, std::string_view address) {
  return std::string(filter.denied(IpAddress::parse(address).value()).value_or("allowed"));
}

TEST(AddressFilter, DeniesEveryNetworkThatIsNotThePublicInternet) {
  struct Case {
    std::string_view address;
    std::string_view verdict;
  };
  const Case cases[] = {
      {"8.8.8.8", "allowed"},
      {"1.1.1.1", "allowed"},
      {"2606:4700::1111", "allowed"},
      {"0.0.0.0", "unspecified"},
      {"0.1.2.3", "unspecified"},
      {"9.255.255.255", "allowed"},
      {"10.0.0.0", "private"},
      {"10.255.255.255", "private"},
      {"11.0.0.0", "allowed"},
      {"100.63.255.255", "allowed"},
      {"100.64.0.0", "private (shared by carriers)"},
      {"100.100.100.200", "private (shared by carriers)"},
      {"100.128.0.0", "allowed"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.254", "loopback"},
      {"168.63.129.16", "a cloud's metadata"},
      {"168.63.129.17", "allowed"},
      {"169.254.169.254", "link-local"},
      {"172.15.255.255", "allowed"},
      {"172.16.0.1", "private"},
      {"172.31.255.255", "private"},
      {"172.32.0.0", "allowed"},
      {"192.168.1.1", "private"},
      {"192.169.0.0", "allowed"},
      {"198.18.0.1", "reserved"},
      {"224.0.0.1", "multicast"},
      {"255.255.255.255", "reserved"},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"fe80::1", "link-local"},
      {"fd00:ec2::254", "private"},
      {"ff02::1", "multicast"},
      {"::ffff:127.0.0.1", "loopback"},
      {"::ffff:169.254.169.254", "link-local"},
      {"::ffff:8.8.8.8", "allowed"},
      {"::127.0.0.1", "loopback"},
      {"64:ff9b::10.0.0.1", "private"},
      {"64:ff9b::8.8.8.8", "allowed"},
      {"2002:7f00:1::", "loopback"},
      {"2002:808:808::", "allowed"},
  };
  const AddressFilter filter;
  for (const auto& [address, expected] : cases) EXPECT_EQ(verdict(filter, address), expected) << address;
}

TEST(AddressFilter, LetsAllowedNetworksThroughAndNoOthers) {
  const auto filter = allowing({"127.0.0.0/8", "10.1.2.3", "fd00::/8"});
  EXPECT_EQ(verdict(filter, "127.9.9.9"), "allowed");
  EXPECT_EQ(verdict(filter, "::ffff:127.0.0.1"), "allowed");
  EXPECT_EQ(verdict(filter, "10.1.2.3"), "allowed");
  EXPECT_EQ(verdict(filter, "10.1.2.4"), "private");
  EXPECT_EQ(verdict(filter, "fd12::1"), "allowed");
  EXPECT_EQ(verdict(filter, "fc00::1"), "private");
  EXPECT_EQ(verdict(allowing({"0.0.0.0/0"}), "192.168.0.1"), "allowed");
  EXPECT_EQ(verdict(allowing({"0.0.0.0/0"}), "::1"), "loopback");
}

TEST(Network, SaysWhatIsWrongWithItsText) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };
  const Case cases[] = {
      {"", "network '': expected an address and a prefix length, such as 127.0.0.0/8 or fd00::/8"},
      {"localhost/8",
       "network 'localhost/8': expected an address and a prefix length, such as 127.0.0.0/8 or fd00::/8"},
      {"10.0.0/8",
       "network '10.0.0/8': expected an address and a prefix length, such as 127.0.0.0/8 or fd00::/8"},
      {"10.0.0.0/", "network '10.0.0.0/': the prefix length is not a number from 0 to 32"},
      {"10.0.0.0/33", "network '10.0.0.0/33': the prefix length is not a number from 0 to 32"},
      {"fd00::/129", "network 'fd00::/129': the prefix length is not a number from 0 to 128"},
      {"10.0.0.0/8x", "network '10.0.0.0/8x': the prefix length is not a number from 0 to 32"},
      {"10.0.0.1/8", "network '10.0.0.1/8': the address has bits set after its prefix of 8"},
  };
  for (const auto& [text, message] : cases) {
    const auto network = Network::parse(text);
    ASSERT_FALSE(network) << text;
    EXPECT_EQ(network.error().kind, ErrorKind::bad_request);
    EXPECT_EQ(network.error().message, message);
  }
}

}  // namespace
}  // namespace poly::http
