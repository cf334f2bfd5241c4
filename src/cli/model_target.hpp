// The API functions that a person means: those of a model file, or those of the catalog at or below a path;
// with the schemas that they refer to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/shell.hpp"
#include "spec/api_function.hpp"
#include "spec/json_schema.hpp"

namespace poly::cli {

class ModelTarget final {
 public:
  // `named` is a file when there is one of that name. Throws not_found when nothing is there.
  ModelTarget(Shell& shell, const std::string& named);
  ModelTarget(const ModelTarget&) = delete;
  ModelTarget& operator=(const ModelTarget&) = delete;

  const std::vector<spec::ApiFunction>& functions() const { return functions_; }
  // Finds the schemas of the file, else those of the catalog. Must not outlive this object.
  const spec::SchemaResolver& schemas() const { return resolver_; }

 private:
  void read_file(const std::string& named);
  void read_catalog(const std::string& path);
  std::optional<Json> schema_at(const std::string& path);

  Shell& shell_;
  std::vector<spec::ApiFunction> functions_;
  std::map<std::string, std::optional<Json>> known_schemas_;
  spec::SchemaResolver resolver_;
};

}  // namespace poly::cli
