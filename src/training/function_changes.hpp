// What training again changes of an API function that is there, as its callers see it.
#pragma once

#include <vector>

#include "spec/api_function.hpp"
#include "spec/schema_changes.hpp"

namespace poly::training {

// Arguments that came, went, moved or changed, the results by status, and what is sent; none when the two are
// the same. Breaking is what makes code wrong that was written for `before`.
std::vector<spec::SchemaChange> function_changes(const spec::ApiFunction& before,
                                                 const spec::ApiFunction& after);

}  // namespace poly::training
