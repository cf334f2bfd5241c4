// What clients send to deploy a function of code. Each language's client sends other parts of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/revisions.hpp"
#include "spec/code_function.hpp"

template <>
inline constexpr auto poly::enum_words<poly::catalog::Rollout::Kind> =
    std::to_array<poly::EnumWord<poly::catalog::Rollout::Kind>>({
        {poly::catalog::Rollout::Kind::all, "all"},
        {poly::catalog::Rollout::Kind::none, "none"},
        {poly::catalog::Rollout::Kind::canary, "canary"},
    });

namespace poly::gateway {

// An argument as clients describe it; the toolchain's reading of the source comes first.
struct DeployArgument {
  std::string key;
  std::optional<std::string> name;
  std::optional<std::string> type;
  std::optional<std::string> description;
  Json type_schema;  // an object, or its text
  std::optional<bool> required;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("key", self.key);
    field.optional("name", self.name);
    field.optional("type", self.type);
    field.optional("description", self.description);
    field.optional("typeSchema", self.type_schema);
    field.optional("required", self.required);
  }
};

// Which calls a new revision of a server function gets, and what its deployer says of it.
struct RolloutRequest {
  std::optional<catalog::Rollout::Kind> traffic;
  std::optional<int> canary_percent;
  std::optional<spec::CanaryRules> canary;
  std::optional<std::string> note;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("traffic", self.traffic);
    field.optional("canaryPercent", self.canary_percent);
    field.optional("canary", self.canary);
    field.optional("note", self.note);
  }
};

struct DeployRequest {
  spec::Head head;
  std::string code;
  std::optional<spec::Language> language;  // TypeScript clients send none
  Json type_schemas;
  std::optional<std::vector<std::string>> requirements;
  std::optional<std::map<std::string, std::string>> external_dependencies;  // versions, from TypeScript clients
  std::optional<std::vector<DeployArgument>> arguments;
  std::optional<bool> logs_enabled;
  std::optional<bool> server_side_async;
  spec::FunctionSettings settings;
  std::optional<bool> always_on;  // keeps an instance even when nobody calls
  std::optional<std::string> execution_api_key;
  RolloutRequest rollout;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    spec::Head::fields(self.head, field);
    field.required("code", self.code);
    field.optional("language", self.language);
    field.optional("typeSchemas", self.type_schemas);
    field.optional("requirements", self.requirements);
    field.optional("externalDependencies", self.external_dependencies);
    field.optional("arguments", self.arguments);
    field.optional("logsEnabled", self.logs_enabled);
    field.optional("serverSideAsync", self.server_side_async);
    spec::FunctionSettings::fields(self.settings, field);
    field.optional("alwaysOn", self.always_on);
    field.optional("executionApiKey", self.execution_api_key);
    RolloutRequest::fields(self.rollout, field);
  }
};

}  // namespace poly::gateway
