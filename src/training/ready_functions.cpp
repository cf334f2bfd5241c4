#include "training/ready_functions.hpp"

#include <map>

#include "training/check_api_function.hpp"
#include "training/names.hpp"

namespace poly::training {

Result<SpecificationInput> train_ready(ReadyFunctions ready) {
  if (ready.functions.size() > operations_max) {
    return fail(ErrorKind::too_large, "there are " + std::to_string(ready.functions.size()) +
                                          " operations; at most " + std::to_string(operations_max) +
                                          " are trained at once");
  }
  SpecificationInput result;
  result.title = std::move(ready.title);
  result.schemas = std::move(ready.schemas);
  TrainingReport report;
  report.operations = static_cast<int>(ready.functions.size());
  report.warnings = std::move(ready.warnings);
  std::map<std::string, NameClaims> names;  // by context
  for (auto& function : ready.functions) {
    auto& head = function.head;
    const auto problems = check_api_function(function);
    if (problems.empty()) {
      head.name = names[head.context].claim(head.name);
      result.functions.push_back(std::move(function));
    } else {
      report.refused.push_back({function.source.method, head.path(), problems.front()});
    }
  }
  result.report = std::move(report);
  return result;
}

}  // namespace poly::training
