// A JSON Schema from sample values, for the types of variables and the events of webhooks.
#pragma once

#include <span>

#include "base/json.hpp"

namespace poly::spec {

// The narrowest plain description that all samples fit: `type` (several when samples differ), `properties`
// with `required` for the keys that every object sample has, `items` merged over all elements. Integers and
// fractions together are `number`. No samples, or an array that is always empty, describe anything: {}.
Json infer_schema(std::span<const Json> samples);
Json infer_schema(const Json& sample);

}  // namespace poly::spec
