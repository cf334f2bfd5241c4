#include "gateway/webhook_calls.hpp"

#include "base/ascii_case.hpp"
#include "events/webhook_route.hpp"
#include "gateway/streamed_body.hpp"

namespace poly::gateway {
namespace {

// What functions see of a request: its headers in lower case, and two that tell how it came.
events::HeaderList event_headers(const http::Request& request) {
  events::HeaderList headers;
  for (const auto& [name, value] : request.headers) {
    headers.emplace_back(lower(name), value);
  }
  headers.emplace_back("x-http-method", http::to_string(request.method));
  headers.emplace_back("x-original-uri", request.path());
  return headers;
}

http::Response reply_of(events::WebhookAnswer answer) {
  http::Response response;
  response.status = answer.status;
  if (!answer.content_type.empty()) response.headers.add("Content-Type", std::move(answer.content_type));
  for (auto& [name, value] : answer.headers) response.headers.add(std::move(name), std::move(value));
  response.body = std::move(answer.body);
  if (answer.stream) response.body_source = std::make_shared<StreamedBody>(std::move(answer.stream));
  return response;
}

}  // namespace

void WebhookCalls::add_to(RouteTable& routes) {
  const auto add = [&](http::Method method, std::string path, std::string operation) {
    routes.add({.method = method,
                .path = std::move(path),
                .access = Access::open(),
                .operation = std::move(operation),
                .summary = "Call a webhook",
                .handle = [this](Context context) { return call(std::move(context)); },
                .handle_without_key = {},
                .body_bytes_max = events::EventSettings().payload_bytes_max,
                .request_schema = {},
                .response_schema = {}});
  };
  using http::Method;
  for (const auto method : {Method::post, Method::put, Method::head, Method::options}) {
    add(method, "/webhooks/{id}", "callWebhook" + std::string(http::to_string(method)));
  }
  for (const auto method : {Method::get, Method::post, Method::put, Method::patch, Method::delete_,
                            Method::head, Method::options}) {
    add(method, "/webhooks/{id}/{subpath...}", "callWebhookBelow" + std::string(http::to_string(method)));
  }
}

catalog::ResourcePointer WebhookCalls::find(std::string_view id_or_slug) const {
  const auto snapshot = catalog_.here();
  catalog::ResourcePointer found;
  if (const auto id = ResourceId::parse(id_or_slug)) {
    found = snapshot->find(*id);
  } else {
    found = snapshot->find_webhook_by_slug(id_or_slug);
  }
  if (!found || found->kind() != spec::Kind::webhook) throw Failure(events::unknown_webhook(id_or_slug));
  return found;
}

Task<http::Response> WebhookCalls::call(Context context) {
  auto webhook = find(context.parameters[0]);
  const auto& settings = webhook->as<spec::Webhook>();
  const auto rest =
      context.parameters.size() > 1 ? std::string_view(context.parameters[1]) : std::string_view();
  auto params = events::match_subpath(settings, rest, context.request.query());
  if (!params) throw Failure(events::unknown_webhook(context.parameters[0]));
  if (!events::accepts_method(settings, http::to_string(context.request.method))) {
    throw Failure(ErrorKind::method_not_allowed, "this webhook takes " + settings.method + ", not " +
                                                     std::string(http::to_string(context.request.method)));
  }
  events::WebhookEvent event;
  event.webhook = std::move(webhook);
  event.content_type = context.request.headers.get("content-type");
  event.headers = event_headers(context.request);
  event.params = std::move(*params);
  event.caller = context.identity;
  event.raw_body = std::move(context.request.body);
  auto receiving = events_.receive(std::move(event));
  co_return reply_of(co_await std::move(receiving));
}

}  // namespace poly::gateway
