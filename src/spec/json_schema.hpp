// JSON Schema 2020-12, compiled once to a flat program and then asked many times whether a value fits.
//
// Keywords of draft-04 to draft-07 and of OpenAPI 3.0 that people still write are understood too:
// `definitions`, `items` as a list with `additionalItems`, `dependencies`, boolean
// `exclusiveMinimum`/`exclusiveMaximum`, `nullable` (a null then fits, whatever the other keywords say). What
// is not supported is listed in spec/README.md.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace poly::spec {

namespace json_schema {
struct Program;
}

// Where schemas outside the compiled document come from. An empty function, or nothing returned, means "not
// there".
struct SchemaResolver {
  // {"x-poly-ref": {"path": "crm.Contact", "publicNamespace": "OOB"}}; the namespace is usually empty.
  std::function<std::optional<Json>(std::string_view path, std::string_view public_namespace)> by_poly_path;
  // The absolute address of a $ref without its fragment, such as https://example.com/address.json.
  std::function<std::optional<Json>(std::string_view uri)> by_uri;
};

struct SchemaOptions {
  enum class Formats { annotate, enforce };
  enum class UnsupportedPatterns { refuse, ignore };      // lookaround and back references
  enum class MissingReferences { refuse, fit_anything };  // what the resolver does not have

  Formats formats = Formats::annotate;
  UnsupportedPatterns unsupported_patterns = UnsupportedPatterns::refuse;
  MissingReferences missing_references = MissingReferences::refuse;
};

// Immutable; a copy shares the program. Safe to use from many threads at once.
class CompiledSchema final {
 public:
  static constexpr std::size_t problems_max = 20;

  // Fails with bad_request; the message names the place in the schema, such as `#/properties/age/type`, and
  // the reason.
  static Result<CompiledSchema> compile(const Json& schema, const SchemaResolver* resolver = nullptr,
                                        const SchemaOptions& options = SchemaOptions());

  bool fits(const Json& value) const;

  // Like fits(); appends at most `limit` lines such as `$.payload.tags[2]: expected string, got number`,
  // where `root_path` ("$.payload") is how the value itself is called.
  bool check(const Json& value, std::string_view root_path, std::vector<std::string>& problems,
             std::size_t limit = problems_max) const;

 private:
  explicit CompiledSchema(std::shared_ptr<const json_schema::Program> program)
      : program_(std::move(program)) {}

  std::shared_ptr<const json_schema::Program> program_;
};

}  // namespace poly::spec
