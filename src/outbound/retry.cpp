#include "outbound/retry.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "outbound/http_date.hpp"

namespace poly::outbound {
namespace {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

milliseconds in_milliseconds(double seconds) {
  return std::chrono::duration_cast<milliseconds>(Seconds(seconds));
}

}  // namespace

bool is_idempotent(http::Method method) {
  return method != http::Method::post && method != http::Method::patch;
}

milliseconds backoff(const spec::RetryPolicy& policy, int made, double draw) {
  const auto end = policy.first_delay_seconds * std::exp2(made - 1);
  return in_milliseconds(std::min(end, policy.delay_seconds_max) * draw);
}

std::optional<milliseconds> parse_retry_after(std::string_view text, Timestamp now) {
  std::uint32_t seconds = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seconds);
  if (read.ec == std::errc() && read.ptr == end) return std::chrono::seconds(seconds);
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::max(*date - now, milliseconds(0));
}

std::optional<milliseconds> wait_after_answer(const spec::RetryPolicy& policy, int made, int status,
                                              std::string_view retry_after, Timestamp now, double draw) {
  if (made >= policy.attempts || std::ranges::find(policy.statuses, status) == policy.statuses.end())
    return std::nullopt;
  const auto own = backoff(policy, made, draw);
  const auto asked = parse_retry_after(retry_after, now);
  if (!asked) return own;
  if (*asked > in_milliseconds(policy.retry_after_seconds_max)) return std::nullopt;
  // Later than asked for by what is drawn, so that those who were told the same do not come together.
  return *asked + own;
}

std::optional<milliseconds> wait_after_failure(const spec::RetryPolicy& policy, int made, ErrorKind kind,
                                               double draw) {
  const bool passing = kind == ErrorKind::upstream || kind == ErrorKind::timeout;
  if (made >= policy.attempts || !passing) return std::nullopt;
  return backoff(policy, made, draw);
}

}  // namespace poly::outbound
