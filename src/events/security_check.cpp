#include "events/security_check.hpp"

#include "base/log.hpp"

namespace poly::events {
namespace {

constexpr std::string_view refusal = "the request was refused by the webhook's security function";

catalog::ResourcePointer find_function(const catalog::Snapshot& snapshot, const catalog::Resource& webhook,
                                       const spec::SecurityFunction& security) {
  const catalog::Viewpoint owner{webhook.tenant, webhook.environment};
  catalog::ResourcePointer found;
  if (security.id) {
    if (const auto id = ResourceId::parse(*security.id)) found = snapshot.find(*id);
  } else if (security.path) {
    found = snapshot.find(owner, catalog::NameSpace::poly, *security.path);
  }
  return found && snapshot.visible(owner, *found) ? found : nullptr;
}

void log_refusal(const catalog::Resource& webhook, const spec::SecurityFunction& security,
                 std::string_view reason) {
  log(LogLevel::warn, "a security function could not say whether a request may come in",
      {{"webhook", webhook.id.text()},
       {"function", security.path.value_or(security.id.value_or(""))},
       {"reason", reason}});
}

}  // namespace

Task<void> check_security(RunFunction run, catalog::SnapshotPointer snapshot,
                          catalog::ResourcePointer webhook, execution::Caller caller, std::string raw_body,
                          JsonObject headers, JsonObject params) {
  for (const auto& security : webhook->as<spec::Webhook>().security_functions) {
    bool allowed = false;
    const auto function = find_function(*snapshot, *webhook, security);
    if (!function) {
      log_refusal(*webhook, security, "there is no such function");
    } else {
      try {
        auto running =
            run(function, execution::event_arguments(*function, Json(raw_body), headers, params), caller);
        const auto outcome = co_await std::move(running);
        allowed = !outcome.text && outcome.body == "true";
      } catch (const std::exception& problem) {
        log_refusal(*webhook, security, problem.what());
      }
    }
    if (!allowed) throw Failure(ErrorKind::forbidden, security.message.value_or(std::string(refusal)));
  }
}

}  // namespace poly::events
