// Whether a schema is one that the product can check values with.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"

namespace poly::training {

// What is wrong with it, or nothing. References to other schemas of the catalog, and patterns that the
// product cannot run, are no problem: values are then not held to them.
std::optional<std::string> schema_problem(const Json& schema);

}  // namespace poly::training
