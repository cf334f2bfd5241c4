// A call of an API function that gathers the items of many pages: the function's own call, again and again.
#pragma once

#include <optional>

#include "outbound/careful_call.hpp"

namespace poly::outbound {

inline constexpr int pages_max = 1'000;

class PagedCall final {
 public:
  // As many pages as `pages` says at most. `plan` outlives the call. Throws Failure{bad_request} when the
  // function declares no pagination.
  PagedCall(const CallerParts& parts, const CallPlan& plan, JsonObject arguments, int pages);
  PagedCall(const PagedCall&) = delete;
  PagedCall& operator=(const PagedCall&) = delete;

  // The answer to the last page with the items of all as its data, and `pages`, how many there were; also
  // `next`, the argument of the page after, where there is one that was not asked for. A page whose status is
  // not from 200 to 299 is the answer as it is. Throws as ApiCaller::call does, also when all pages together
  // are larger than one answer may be.
  Task<ApiAnswer> run();

 private:
  bool go_on(const JsonObject& page);
  void follow_link(const JsonObject& page);
  void add_items(const Json& data);
  std::string gathered(const JsonObject& last) const;

  const CallerParts& parts_;
  const CallPlan& plan_;
  const spec::Pagination& pagination_;
  const int pages_wanted_;
  JsonObject arguments_;
  std::optional<http::Url> address_;  // of the next page, when a link says it
  bool has_more_ = false;
  int pages_ = 0;
  std::size_t bytes_ = 0;
  std::string items_;  // JSON, without brackets
};

}  // namespace poly::outbound
