// Lists in queries, in the three ways that clients write them: `a[]=x&a[]=y`, `a=x&a=y`, `a=x,y`.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poly::gateway {

std::vector<std::string> list_parameter(const std::vector<std::pair<std::string, std::string>>& query,
                                        std::string_view name);

}  // namespace poly::gateway
