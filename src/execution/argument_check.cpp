#include "execution/argument_check.hpp"

#include "base/log.hpp"
#include "spec/type_schema.hpp"

namespace poly::execution {
namespace {

// A schema that names what nobody has, or a pattern that the engine lacks, must not stop the call: what can
// be checked is checked.
spec::SchemaOptions lenient() {
  spec::SchemaOptions options;
  options.unsupported_patterns = spec::SchemaOptions::UnsupportedPatterns::ignore;
  options.missing_references = spec::SchemaOptions::MissingReferences::fit_anything;
  return options;
}

std::optional<spec::CompiledSchema> compile(const spec::PropertySpecification& argument,
                                            const spec::SchemaResolver& resolver) {
  const auto schema = spec::schema_of_type(argument.type);
  if (schema.get_object().empty()) return std::nullopt;
  auto compiled = spec::CompiledSchema::compile(schema, &resolver, lenient());
  if (!compiled) {
    log(LogLevel::warn, "an argument is not checked",
        {{"argument", argument.name}, {"reason", compiled.error().message}});
    return std::nullopt;
  }
  return std::move(*compiled);
}

}  // namespace

ArgumentCheck::ArgumentCheck(const spec::FunctionSpecification& function, const catalog::Snapshot& snapshot,
                             const catalog::Viewpoint& from)
    : made_from_(snapshot.version()) {
  spec::SchemaResolver resolver;
  resolver.by_poly_path = [&](std::string_view path, std::string_view) -> std::optional<Json> {
    uses_references_ = true;
    const auto found = snapshot.find(from, catalog::NameSpace::schemas, path);
    if (!found) return std::nullopt;
    return found->as<spec::SchemaDefinition>().definition.parsed();
  };
  for (const auto& argument : function.arguments) {
    arguments_.push_back({argument.name, argument.required, compile(argument, resolver)});
  }
}

JsonObject ArgumentCheck::by_name(JsonArray positional) const {
  if (positional.size() > arguments_.size()) {
    throw Failure(ErrorKind::bad_request, "the function takes " + std::to_string(arguments_.size()) +
                                              " arguments, and " + std::to_string(positional.size()) +
                                              " were given");
  }
  JsonObject named;
  for (std::size_t i = 0; i < positional.size(); ++i) {
    // What a caller leaves out in the middle arrives as null.
    if (positional[i].is_null() && !arguments_[i].required) continue;
    named[arguments_[i].name] = std::move(positional[i]);
  }
  return named;
}

void ArgumentCheck::require_fit(const JsonObject& arguments) const {
  std::vector<std::string> problems;
  for (const auto& argument : arguments_) {
    const auto* value = arguments.if_contains(argument.name);
    if (!value) {
      if (argument.required) problems.push_back("$." + argument.name + ": is missing");
      continue;
    }
    if (value->is_null() && !argument.required) continue;
    if (argument.schema) argument.schema->check(*value, "$." + argument.name, problems);
  }
  if (problems.empty()) return;
  Error error{ErrorKind::bad_request, "", "", std::move(problems)};
  for (const auto& line : error.details) error.message += (error.message.empty() ? "" : "; ") + line;
  throw Failure(std::move(error));
}

}  // namespace poly::execution
