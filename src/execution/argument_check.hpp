// Are the arguments of a call there and of the right type? Compiled once for each version of a function.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/snapshot.hpp"
#include "spec/json_schema.hpp"
#include "spec/property_type.hpp"

namespace poly::execution {

class ArgumentCheck final {
 public:
  // `snapshot` is where references to named schemas lead.
  ArgumentCheck(const spec::FunctionSpecification& function, const catalog::Snapshot& snapshot,
                const catalog::Viewpoint& from);

  // An array by position becomes an object by name; more values than arguments are refused.
  JsonObject by_name(JsonArray positional) const;

  // Throws Failure{bad_request} with a line for each argument that is missing or does not fit, such as
  // `$.tags[2]: expected string, got number`. Unknown arguments are tolerated.
  void require_fit(const JsonObject& arguments) const;

  // A schema that it was made from may have changed when the catalog is newer.
  bool stale(const catalog::Snapshot& snapshot) const {
    return uses_references_ && made_from_ != snapshot.version();
  }

 private:
  struct Argument {
    std::string name;
    bool required = true;
    std::optional<spec::CompiledSchema> schema;  // nothing: anything fits
  };

  std::vector<Argument> arguments_;
  bool uses_references_ = false;
  std::uint64_t made_from_ = 0;
};

}  // namespace poly::execution
