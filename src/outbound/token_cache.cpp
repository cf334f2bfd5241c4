#include "outbound/token_cache.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "base/attempt.hpp"

namespace poly::outbound {

Task<TokenPointer> TokenCache::token(Digest key, TaskGroup& here, TimerWheel& wheel,
                                     std::chrono::milliseconds longest_wait, Fetch fetch) {
  const auto waiter = std::make_shared<Waiter>(here.executor());
  bool fetches = false;
  Secret refresh_token;
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.instant();
    if (entries_.size() >= tokens_max && !entries_.contains(key)) make_room();
    auto& entry = entries_[key];
    if (entry.token && now < entry.usable_until) co_return entry.token;
    if (entry.refusal && now < entry.refused_until) throw Failure(*entry.refusal);
    entry.waiting.push_back(waiter);
    fetches = !std::exchange(entry.fetching, true);
    if (fetches) refresh_token = entry.refresh_token.duplicate();
  }
  if (fetches) here.spawn(fetch_for(key, std::move(fetch), std::move(refresh_token)));
  const auto limit = wheel.schedule(longest_wait, [waiter, longest_wait] {
    waiter->token.deliver(
        fail(ErrorKind::timeout, "it gave none within " + std::to_string(longest_wait.count()) + " ms"));
  });
  auto waiting = waiter->token.wait();
  co_return co_await std::move(waiting);
}

Task<void> TokenCache::fetch_for(Digest key, Fetch fetch, Secret refresh_token) {
  auto fetching = attempt(fetch(std::move(refresh_token)));
  auto granted = co_await std::move(fetching);
  finish(key, std::move(granted));
}

void TokenCache::finish(const Digest& key, Result<GrantedToken> granted) {
  std::vector<std::shared_ptr<Waiter>> waiting;
  Result<TokenPointer> outcome;
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.instant();
    auto& entry = entries_.at(key);
    entry.fetching = false;
    waiting.swap(entry.waiting);
    if (granted) {
      const auto lifetime = granted->lifetime.value_or(token_lifetime_default);
      entry.usable_until = now + lifetime - std::min(expiry_margin, lifetime / 10);
      entry.token = std::make_shared<const Secret>(std::move(granted->access_token));
      entry.refusal.reset();
      if (!granted->refresh_token.empty()) entry.refresh_token = std::move(granted->refresh_token);
      outcome = entry.token;
    } else {
      entry.token = nullptr;
      // The one given with the function may be good still.
      if (granted.error().code == "token_refused") entry.refresh_token = Secret();
      entry.refused_until = now + refusal_kept_for;
      entry.refusal = granted.error();
      outcome = std::unexpected(std::move(granted).error());
    }
  }
  for (auto& waiter : waiting) {
    const auto loop = waiter->here;
    boost::asio::post(loop, [waiter = std::move(waiter), outcome] { waiter->token.deliver(outcome); });
  }
}

void TokenCache::reject(const Digest& key, const TokenPointer& token) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end() && found->second.token == token) found->second.token = nullptr;
}

// What can be had again goes: first what has expired, then anything that nobody is asking for.
void TokenCache::make_room() {
  const auto now = clock_.instant();
  std::erase_if(entries_, [now](const auto& each) {
    const auto& entry = each.second;
    return !entry.fetching && entry.refresh_token.empty() && now >= entry.usable_until;
  });
  if (entries_.size() < tokens_max) return;
  const auto unused = std::ranges::find_if(entries_, [](const auto& each) { return !each.second.fetching; });
  if (unused != entries_.end()) entries_.erase(unused);
}

std::size_t TokenCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace poly::outbound
