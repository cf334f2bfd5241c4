#include "events/source_index.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace poly::events {
namespace {

const std::vector<catalog::ResourcePointer> nobody;

void sort_by_name(std::vector<catalog::ResourcePointer>& triggers) {
  std::ranges::sort(triggers, {}, [](const auto& trigger) { return trigger->head().name; });
}

std::optional<spec::CompiledSchema> compile(const catalog::Resource& webhook,
                                            const catalog::Snapshot& snapshot) {
  const auto& definition = webhook.as<spec::Webhook>();
  // Of an example only the shape is known, and not which parts of it are optional.
  if (definition.event_payload_type_schema.empty() || !definition.event_payload.empty()) return std::nullopt;
  const catalog::Viewpoint owner{webhook.tenant, webhook.environment};
  spec::SchemaResolver resolver;
  resolver.by_poly_path = [&](std::string_view path, std::string_view) -> std::optional<Json> {
    const auto found = snapshot.find(owner, catalog::NameSpace::schemas, path);
    if (!found) return std::nullopt;
    return found->as<spec::SchemaDefinition>().definition.parsed();
  };
  spec::SchemaOptions lenient;
  lenient.unsupported_patterns = spec::SchemaOptions::UnsupportedPatterns::ignore;
  lenient.missing_references = spec::SchemaOptions::MissingReferences::fit_anything;
  auto compiled =
      spec::CompiledSchema::compile(definition.event_payload_type_schema.parsed(), &resolver, lenient);
  if (compiled) return std::move(*compiled);
  log(LogLevel::warn, "payloads of a webhook are not checked",
      {{"webhook", webhook.id.text()}, {"reason", compiled.error().message}});
  return std::nullopt;
}

}  // namespace

SourceIndex::SourceIndex(catalog::SnapshotPointer snapshot) : snapshot_(std::move(snapshot)) {
  snapshot_->for_each([&](const catalog::ResourcePointer& resource) {
    const auto* trigger = resource->if_is<spec::Trigger>();
    if (!trigger || !trigger->enabled) return;
    if (trigger->source.webhook) by_webhook_[*trigger->source.webhook].push_back(resource);
    if (trigger->source.error_handler) error_handlers_[resource->environment].push_back(resource);
  });
  for (auto& [webhook, triggers] : by_webhook_) {
    const auto source = snapshot_->find(webhook);
    std::erase_if(triggers, [&](const auto& trigger) {
      return !source || trigger->environment != source->environment;
    });
    sort_by_name(triggers);
  }
  for (auto& [environment, triggers] : error_handlers_) sort_by_name(triggers);
}

const std::vector<catalog::ResourcePointer>& SourceIndex::of_webhook(const catalog::Resource& webhook) const {
  const auto found = by_webhook_.find(webhook.id);
  return found == by_webhook_.end() ? nobody : found->second;
}

const std::vector<catalog::ResourcePointer>& SourceIndex::error_handlers(EnvironmentId environment) const {
  const auto found = error_handlers_.find(environment);
  return found == error_handlers_.end() ? nobody : found->second;
}

const spec::CompiledSchema* SourceIndex::payload_schema(const catalog::Resource& webhook) {
  auto found = schemas_.find(webhook.id);
  if (found == schemas_.end()) found = schemas_.emplace(webhook.id, compile(webhook, *snapshot_)).first;
  return found->second ? &*found->second : nullptr;
}

}  // namespace poly::events
