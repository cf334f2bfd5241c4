// The protocol's type (wire.md section 3.2) of a sample value: what a variable's valueType is made from.
#pragma once

#include "base/json.hpp"
#include "spec/property_type.hpp"

namespace poly::spec {

// Text, numbers and booleans are primitives, an array has the type of all its items together, an object
// carries the schema inferred from the sample, and null, like the item of an empty array, is any.
PropertyType property_type_of(const Json& sample);

}  // namespace poly::spec
