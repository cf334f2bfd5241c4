// Documents for the tests of this room, and short ways to look at what they became.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>

#include "training/open_api.hpp"

namespace poly::training {

inline std::string file_text(const std::string& path_in_repository) {
  const auto path = std::string(OPENPOLY_SOURCE_DIR) + "/" + path_in_repository;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// An OpenAPI 3.0 document with one server and these lines of YAML below it.
inline std::string with_head(std::string_view rest) {
  return "openapi: 3.0.3\ninfo: {title: Test, version: '1'}\nservers: [{url: 'https://api.example'}]\n" +
         std::string(rest);
}

inline SpecificationInput trained(std::string_view document,
                                  const OpenApiOptions& options = {.context = "test"}) {
  return value_or_throw(train_openapi(document, options));
}

// What one operation, `get /x`, becomes when these are its members in YAML flow style.
inline SpecificationInput trained_operation(const std::string& members,
                                            const std::string& components = "{}") {
  return trained(
      with_head("paths: {/x: {post: {operationId: run, " + members + "}}}\ncomponents: " + components));
}

inline std::string refusal(const SpecificationInput& input) {
  return input.report->refused.empty() ? "" : input.report->refused.front().reason;
}

inline std::string error_of_training(std::string_view document, const OpenApiOptions& options = {}) {
  const auto result = train_openapi(document, options);
  return result ? "" : result.error().message;
}

inline const spec::ApiFunction& function_at(const SpecificationInput& input, std::string_view path) {
  for (const auto& function : input.functions) {
    if (function.head.path() == path) return function;
  }
  throw std::runtime_error("there is no function " + std::string(path));
}

inline const spec::ApiArgument& argument_of(const spec::ApiFunction& function, std::string_view name) {
  for (const auto& argument : function.arguments) {
    if (argument.name == name) return argument;
  }
  throw std::runtime_error("there is no argument " + std::string(name));
}

// `petId, limit?`: names in order, optional ones with a question mark.
inline std::string signature_of(const spec::ApiFunction& function) {
  std::string out;
  for (const auto& argument : function.arguments) {
    out.append(out.empty() ? "" : ", ").append(argument.name).append(argument.required ? "" : "?");
  }
  return out;
}

}  // namespace poly::training
