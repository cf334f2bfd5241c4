// Whether an API function hangs together: what POST /specification-input/validation/api-function answers
// (wire.md section 5.5), and what training holds its own results to.
#pragma once

#include <string>
#include <vector>

#include "spec/api_function.hpp"

namespace poly::training {

// One line for each thing that is wrong, with the field in front; none when the function can be published.
std::vector<std::string> check_api_function(const spec::ApiFunction& function);

}  // namespace poly::training
