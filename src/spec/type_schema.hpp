// The JSON Schema of a protocol type: what a value of that type must fit.
#pragma once

#include "base/json.hpp"
#include "spec/property_type.hpp"

namespace poly::spec {

// {} for what cannot be said in a schema (functions, type expressions): everything fits.
Json schema_of_type(const PropertyType& type);

}  // namespace poly::spec
