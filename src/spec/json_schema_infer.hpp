// A JSON Schema from sample values: for the types of variables and the events of webhooks, and for the
// answers of other systems.
#pragma once

#include <span>

#include "base/json.hpp"

namespace poly::spec {

// The narrowest plain description that all samples fit: `type` (several when samples differ), `properties`
// with `required` for the keys that every object sample has, `items` merged over all elements. Integers and
// fractions together are `number`. No samples, or an array that is always empty, describe anything: {}.
Json infer_schema(std::span<const Json> samples);
Json infer_schema(const Json& sample);

// The same and what many samples show beyond that, by the rules of json_schema_evidence.hpp: `format`,
// `enum`, and `additionalProperties` for objects that are maps. Of what is always null it says nothing.
Json infer_schema_by_evidence(std::span<const Json> samples);

}  // namespace poly::spec
