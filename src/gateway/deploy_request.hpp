// What clients send to deploy a function of code. Each language's client sends other parts of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/code_function.hpp"

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

struct DeployRequest {
  spec::Head head;
  std::string code;
  std::optional<spec::Language> language;  // TypeScript clients send none
  Json type_schemas;
  std::optional<std::vector<std::string>> requirements;
  std::optional<std::vector<DeployArgument>> arguments;
  std::optional<bool> logs_enabled;
  std::optional<bool> server_side_async;
  spec::FunctionSettings settings;
  std::optional<bool> always_on;  // keeps an instance even when nobody calls
  std::optional<std::string> execution_api_key;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    spec::Head::fields(self.head, field);
    field.required("code", self.code);
    field.optional("language", self.language);
    field.optional("typeSchemas", self.type_schemas);
    field.optional("requirements", self.requirements);
    field.optional("arguments", self.arguments);
    field.optional("logsEnabled", self.logs_enabled);
    field.optional("serverSideAsync", self.server_side_async);
    spec::FunctionSettings::fields(self.settings, field);
    field.optional("alwaysOn", self.always_on);
    field.optional("executionApiKey", self.execution_api_key);
  }
};

}  // namespace poly::gateway
