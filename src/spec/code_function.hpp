// Functions made of code: server functions run in a worker, client functions in their caller.
// Field names: wire.md sections 5.1 and 5.2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/property_type.hpp"
#include "spec/resource.hpp"

namespace poly::spec {

enum class Language { javascript, typescript, python, java };

// What the language toolchain read from the source.
struct CodeInterface {
  std::vector<PropertySpecification> arguments;
  PropertyType return_type = PropertyType::any();
  bool synchronous = false;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("arguments", self.arguments);
    field.required("returnType", self.return_type);
    field.optional("synchronous", self.synchronous);
  }
  bool operator==(const CodeInterface&) const = default;
};

// Dotted catalog paths that the source mentions.
struct References {
  std::vector<std::string> poly;
  std::vector<std::string> vari;
  bool dynamic = false;  // some path is only known when it runs

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("poly", self.poly);
    field.optional("vari", self.vari);
    field.optional("dynamic", self.dynamic);
  }
  bool operator==(const References&) const = default;
};

// The parts that server and client functions share.
struct Code {
  Language language = Language::javascript;
  std::string source;    // as the developer wrote it
  std::string runnable;  // what a worker or SDK loads: CommonJS, or the source itself
  std::string hash;      // 8 hex digits of SHA-256 over the source without leading // lines
  CodeInterface interface;
  References references;
  std::vector<std::string> requirements;
  std::vector<std::string> warnings;  // what the toolchain found doubtful, such as type errors; it runs all the same

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("language", self.language);
    field.required("sourceCode", self.source);
    field.required("runnable", self.runnable);
    field.optional("hash", self.hash);
    field.required("interface", self.interface);
    field.optional("references", self.references);
    field.optional("requirements", self.requirements);
    field.optional("warnings", self.warnings);
  }
  bool operator==(const Code&) const = default;
};

struct ServerFunction {
  Head head;
  Code code;
  bool logs_enabled = true;
  bool server_side_async = false;
  std::optional<int> limit_time_seconds;  // `limitTime`; the runtime's default when absent
  std::optional<std::string> execution_api_key_id;
  int revision = 1;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    Code::fields(self.code, field);
    field.optional("logsEnabled", self.logs_enabled);
    field.optional("serverSideAsync", self.server_side_async);
    field.optional("limitTime", self.limit_time_seconds);
    field.optional("executionApiKeyId", self.execution_api_key_id);
    field.optional("revision", self.revision);
  }
  bool operator==(const ServerFunction&) const = default;
};

struct ClientFunction {
  Head head;
  Code code;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    Code::fields(self.code, field);
  }
  bool operator==(const ClientFunction&) const = default;
};

FunctionSpecification specification_of(const CodeInterface& interface);

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::Language> = std::to_array<poly::EnumWord<poly::spec::Language>>({
    {poly::spec::Language::javascript, "javascript"},
    {poly::spec::Language::typescript, "typescript"},
    {poly::spec::Language::python, "python"},
    {poly::spec::Language::java, "java"},
});
