#include "outbound/paged_call.hpp"

#include "outbound/next_page.hpp"

namespace poly::outbound {
namespace {

const spec::Pagination& pagination_of(const CallPlan& plan) {
  if (plan.policy.pagination) return *plan.policy.pagination;
  throw Failure(ErrorKind::bad_request,
                "'" + plan.path + "' has no pages: its policy declares no pagination");
}

}  // namespace

PagedCall::PagedCall(const CallerParts& parts, const CallPlan& plan, JsonObject arguments, int pages)
    : parts_(parts),
      plan_(plan),
      pagination_(pagination_of(plan)),
      pages_wanted_(pages),
      arguments_(std::move(arguments)) {}

Task<ApiAnswer> PagedCall::run() {
  while (true) {
    CarefulCall call(parts_, plan_, arguments_, address_);
    auto calling = call.run();
    auto answer = co_await std::move(calling);
    if (answer.status < 200 || answer.status > 299) co_return answer;
    bytes_ += answer.envelope.size();
    if (bytes_ > parts_.settings.response_bytes_max) {
      throw Failure(ErrorKind::too_large, "'" + plan_.path + "': its pages are larger than " +
                                              std::to_string(parts_.settings.response_bytes_max) +
                                              " bytes together; ask for fewer");
    }
    const auto page = value_or_throw(parse_json(answer.envelope, "the answer")).as_object();
    add_items(page.at("data"));
    ++pages_;
    has_more_ = go_on(page);
    if (has_more_ && pages_ < pages_wanted_) continue;
    answer.envelope = gathered(page);
    co_return answer;
  }
}

void PagedCall::add_items(const Json& data) {
  for (const auto& item : items_of(pagination_, data)) {
    if (!items_.empty()) items_.push_back(',');
    items_ += to_text(item);
  }
}

// Turns to the next page; false when there is none.
bool PagedCall::go_on(const JsonObject& page) {
  if (pagination_.style == spec::PaginationStyle::link) {
    address_.reset();
    follow_link(page);
    return address_.has_value();
  }
  auto& argument = arguments_[*pagination_.argument];
  auto next = next_argument(pagination_, page.at("data"), argument);
  if (next) argument = std::move(*next);
  return next.has_value();
}

// The next page gets the credentials of this one, so it must be of the same origin.
void PagedCall::follow_link(const JsonObject& page) {
  const auto* header = page.at("headers").as_object().if_contains("link");
  const auto link = header ? next_link(header->as_string()) : std::nullopt;
  if (!link) return;
  const auto here = plan_.request.render(Arguments(arguments_)).url;
  auto next = resolve_address(here, *link);
  if (!next || next->origin != here.origin) {
    throw Failure(
        ErrorKind::upstream,
        "'" + plan_.path + "': the link to its next page leads to another origin than " + here.origin.text());
  }
  address_ = std::move(*next);
}

std::string PagedCall::gathered(const JsonObject& last) const {
  std::string out = R"({"status":)" + to_text(last.at("status")) + R"(,"data":[)" + items_;
  out += R"(],"headers":)" + to_text(last.at("headers")) + R"(,"pages":)" + std::to_string(pages_);
  if (has_more_ && pagination_.argument)
    out += R"(,"next":)" + to_text(JsonObject{{*pagination_.argument, arguments_.at(*pagination_.argument)}});
  return out + "}";
}

}  // namespace poly::outbound
