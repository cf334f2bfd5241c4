// Functions made of code: server functions run in a worker, client functions in their caller.
// Field names: wire.md sections 5.1 and 5.2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/canary.hpp"
#include "spec/function_settings.hpp"
#include "spec/property_type.hpp"
#include "spec/resource.hpp"

namespace poly::spec {

enum class Language { javascript, typescript, python, java, go };

// Whether a toolchain makes whole programs of functions, each in a file (runtime/program_folder.hpp).
inline bool runs_as_program(Language language) {
  return language == Language::go;
}

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
  std::string runnable;  // what a worker or SDK loads: CommonJS, the source itself, or the name of a program
  std::string hash;      // 8 hex digits of SHA-256 over the source without leading // lines
  CodeInterface interface;
  References references;
  std::vector<std::string> requirements;  // packages, as the developer or the imports named them
  std::optional<std::string> layer;       // hash of the folder in which they are installed
  std::vector<std::string> locked;        // what is in there: exact versions, also of what they need
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
    field.optional("layer", self.layer);
    field.optional("locked", self.locked);
    field.optional("warnings", self.warnings);
  }
  bool operator==(const Code&) const = default;
};

// One deployed version of a server function: what runs, and how.
struct Revision {
  int number = 1;
  Code code;
  FunctionSettings settings;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("revision", self.number);
    Code::fields(self.code, field);
    FunctionSettings::fields(self.settings, field);
  }
  bool operator==(const Revision&) const = default;
};

// How many of a hundred calls a revision gets.
struct TrafficShare {
  int revision = 0;
  int percent = 0;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("revision", self.revision);
    field.required("percent", self.percent);
  }
  bool operator==(const TrafficShare&) const = default;
};

struct ServerFunction {
  Head head;
  Revision current;  // the one that was deployed last
  bool logs_enabled = true;
  bool server_side_async = false;
  std::optional<std::string> execution_api_key_id;
  std::vector<TrafficShare> traffic;  // sums to 100; empty: all calls go to `current`
  std::vector<Revision> others;       // the older ones that `traffic` names
  std::optional<Canary> canary;
  std::optional<RolledBack> rolled_back;

  // One of those above; nothing when calls no longer go to it.
  const Revision* find_revision(int number) const;
  // The one that most calls go to, the newer of two alike: its types are the function's types.
  const Revision& serving() const;
  // The one that takes a call whose number, of a hundred that are alike, is `hundredth` (0 to 99).
  const Revision& revision_for(int hundredth) const;
  // `traffic` said in full.
  std::vector<TrafficShare> shares() const;
  int percent_of(int number) const;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    Head::fields(self.head, field);
    Revision::fields(self.current, field);
    field.optional("logsEnabled", self.logs_enabled);
    field.optional("serverSideAsync", self.server_side_async);
    field.optional("executionApiKeyId", self.execution_api_key_id);
    field.optional("traffic", self.traffic);
    field.optional("otherRevisions", self.others);
    field.optional("canary", self.canary);
    field.optional("rolledBack", self.rolled_back);
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

inline const Code& code_of(const ServerFunction& function) {
  return function.serving().code;
}
inline const Code& code_of(const ClientFunction& function) {
  return function.code;
}

FunctionSpecification specification_of(const CodeInterface& interface);

}  // namespace poly::spec

template <>
inline constexpr auto poly::enum_words<poly::spec::Language> = std::to_array<poly::EnumWord<poly::spec::Language>>({
    {poly::spec::Language::javascript, "javascript"},
    {poly::spec::Language::typescript, "typescript"},
    {poly::spec::Language::python, "python"},
    {poly::spec::Language::java, "java"},
    {poly::spec::Language::go, "go"},
});
