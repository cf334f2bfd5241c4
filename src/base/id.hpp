// Identifiers: random UUIDs that cannot be mixed up between kinds of things.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace poly {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool is_nil() const { return *this == Uuid{}; }
  std::string text() const;                                   // lower case, 8-4-4-4-12
  static std::optional<Uuid> parse(std::string_view text);    // either case, hyphens needed
};

template <class Tag>
struct Id {
  Uuid uuid;

  auto operator<=>(const Id&) const = default;
  std::string text() const { return uuid.text(); }
  bool is_nil() const { return uuid.is_nil(); }
  static std::optional<Id> parse(std::string_view text) {
    auto uuid = Uuid::parse(text);
    return uuid ? std::optional(Id{*uuid}) : std::nullopt;
  }
};

using TenantId = Id<struct TenantTag>;
using EnvironmentId = Id<struct EnvironmentTag>;
using UserId = Id<struct UserTag>;
using ApiKeyId = Id<struct ApiKeyTag>;
using ResourceId = Id<struct ResourceTag>;  // anything in the catalog: functions, webhooks, jobs, variables …
using ExecutionId = Id<struct ExecutionTag>;

// Where random ids come from; handed in so that tests can foresee them.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual Uuid next() = 0;

  template <class SomeId>
  SomeId make() { return SomeId{next()}; }
};

// Version 4 UUIDs from the operating system's generator, buffered. Thread safe.
class RandomIdSource final : public IdSource {
 public:
  Uuid next() override;
};

// 00000000-0000-4000-8000-000000000001, …2, …3: for tests.
class CountingIdSource final : public IdSource {
 public:
  Uuid next() override;

 private:
  std::uint64_t count_ = 0;
};

}  // namespace poly

template <>
struct std::hash<poly::Uuid> {
  std::size_t operator()(const poly::Uuid& uuid) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, uuid.bytes.data(), sizeof halves);
    return halves[0] ^ (halves[1] * 0x9E3779B97F4A7C15ULL);
  }
};

template <class Tag>
struct std::hash<poly::Id<Tag>> {
  std::size_t operator()(const poly::Id<Tag>& id) const noexcept { return std::hash<poly::Uuid>()(id.uuid); }
};
