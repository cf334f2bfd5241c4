#include "events/webhook_answer.hpp"

#include <algorithm>

#include "http/message.hpp"

namespace poly::events {
namespace {

constexpr std::string_view content_type_header = "content-type";

void set_header(WebhookAnswer& answer, const std::string& name, const std::string& value) {
  if (http::same_header_name(name, content_type_header)) {
    answer.content_type = value;
    return;
  }
  std::erase_if(answer.headers,
                [&](const auto& header) { return http::same_header_name(header.first, name); });
  answer.headers.emplace_back(name, value);
}

void set_body(WebhookAnswer& answer, const Json& payload) {
  const auto* text = payload.if_string();
  answer.content_type = text ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  answer.body = text ? std::string(*text) : to_text(payload);
  answer.stream.reset();
}

}  // namespace

WebhookAnswer answer_of(const spec::Webhook& webhook, std::optional<execution::Outcome> outcome) {
  WebhookAnswer answer;
  if (outcome) {
    answer.status = outcome->status.value_or(answer.status);
    answer.headers = std::move(outcome->headers);
    answer.content_type = std::move(outcome->content_type);
    answer.body = std::move(outcome->body);
    answer.stream = std::move(outcome->stream);
  }
  answer.status = webhook.response_status.value_or(answer.status);
  if (!webhook.response_payload.empty()) set_body(answer, webhook.response_payload.parsed());
  if (webhook.response_headers) {
    for (const auto& [name, value] : *webhook.response_headers) set_header(answer, name, value);
  }
  return answer;
}

}  // namespace poly::events
