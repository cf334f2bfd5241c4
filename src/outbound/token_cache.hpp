// Access tokens, shared by all loops: of all calls that need the same one, one asks for it and the others
// wait.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/one_shot.hpp"
#include "base/secret.hpp"
#include "base/task_group.hpp"
#include "base/time.hpp"
#include "base/timer_wheel.hpp"
#include "outbound/digest.hpp"
#include "outbound/token_request.hpp"

namespace poly::outbound {

inline constexpr std::size_t tokens_max = 10'000;
// A token is given up this long before it expires, or a tenth of its lifetime when that is less.
inline constexpr std::chrono::seconds expiry_margin{30};
// Of a token whose lifetime was not told.
inline constexpr std::chrono::seconds token_lifetime_default{600};
// After a refusal nobody asks again for as long: the calls that come meanwhile get the same error.
inline constexpr std::chrono::seconds refusal_kept_for{1};

using TokenPointer = std::shared_ptr<const Secret>;

class TokenCache final {
 public:
  // Asks for a token. Given is the refresh token that the endpoint handed out last; empty when it never did.
  using Fetch = std::function<Task<GrantedToken>(Secret refresh_token)>;

  explicit TokenCache(const Clock& clock) : clock_(clock) {}
  TokenCache(const TokenCache&) = delete;
  TokenCache& operator=(const TokenCache&) = delete;

  // The token that is there, or the one that `fetch` gets, in `here`, a group of the calling loop, whose
  // wheel is `wheel`. Throws what `fetch` threw, or Failure{timeout}; the fetch goes on for the others then.
  Task<TokenPointer> token(Digest key, TaskGroup& here, TimerWheel& wheel,
                           std::chrono::milliseconds longest_wait, Fetch fetch);

  // The upstream did not take `token`: the next one who asks gets another.
  void reject(const Digest& key, const TokenPointer& token);

  std::size_t size() const;

 private:
  struct Waiter {
    explicit Waiter(Executor loop) : here(loop), token(loop) {}
    Executor here;
    OneShot<TokenPointer> token;
  };
  struct Entry {
    TokenPointer token;
    Instant usable_until{};
    Secret refresh_token;  // the newest, where the endpoint gives a new one with each token
    std::optional<Error> refusal;
    Instant refused_until{};
    bool fetching = false;
    std::vector<std::shared_ptr<Waiter>> waiting;
  };

  Task<void> fetch_for(Digest key, Fetch fetch, Secret refresh_token);
  void finish(const Digest& key, Result<GrantedToken> granted);
  void make_room();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<Digest, Entry, DigestHash> entries_;
};

}  // namespace poly::outbound
