// The kinds that other commands refer to by id or path.
#pragma once

#include "cli/resource_kind.hpp"

namespace poly::cli {

const ResourceKind& webhook_kind();
const ResourceKind& variable_kind();

}  // namespace poly::cli
