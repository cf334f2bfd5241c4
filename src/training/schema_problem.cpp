#include "training/schema_problem.hpp"

#include "spec/json_schema.hpp"

namespace poly::training {

std::optional<std::string> schema_problem(const Json& schema) {
  const spec::SchemaOptions lenient{
      .unsupported_patterns = spec::SchemaOptions::UnsupportedPatterns::ignore,
      .missing_references = spec::SchemaOptions::MissingReferences::fit_anything};
  const auto compiled = spec::CompiledSchema::compile(schema, nullptr, lenient);
  return compiled ? std::nullopt : std::optional(compiled.error().message);
}

}  // namespace poly::training
