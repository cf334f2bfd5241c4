// From one page of a list to the next.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "spec/api_policy.hpp"

namespace poly::outbound {

// The elements of one page. Throws Failure{upstream} when there is no array in their place.
const JsonArray& items_of(const spec::Pagination& pagination, const Json& data);

// What the argument of the pagination says on the page after the one that `data` is the answer to; nothing
// when that was the last. `now` is what it said before, null when it was not given.
std::optional<Json> next_argument(const spec::Pagination& pagination, const Json& data, const Json& now);

// The address with the relation `next` in a Link header (RFC 8288); nothing when there is none.
std::optional<std::string_view> next_link(std::string_view header);

}  // namespace poly::outbound
