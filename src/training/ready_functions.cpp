#include "training/ready_functions.hpp"

#include <map>

#include "training/check_api_function.hpp"
#include "training/names.hpp"

namespace poly::training {
namespace {

bool sends_xml(const spec::ApiFunction& function) {
  const auto& body = function.source.body;
  return body && body->mode == spec::BodyMode::raw && body->language == "xml";
}

// Calls write text into XML and hand over XML as the text that it is. Throws bad_request for a function whose
// request is more than texts; the results of the others are text.
void hold_to_text_of_xml(spec::ApiFunction& function) {
  if (!sends_xml(function)) return;
  for (const auto& argument : function.arguments) {
    if (argument.type != "object" && argument.type != "array" && argument.type != "any") continue;
    throw Failure(ErrorKind::bad_request,
                  "its argument '" + argument.name + "' is an object, and calls write only texts into XML");
  }
  const auto hold = [](std::string& type, JsonText& schema) {
    if (type != "void") type = "string";
    schema = {};
  };
  hold(function.return_type, function.return_type_schema);
  for (auto& other : function.other_return_types) hold(other.type, other.schema);
}

}  // namespace

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
    try {
      hold_to_text_of_xml(function);
      const auto problems = check_api_function(function);
      if (!problems.empty()) throw Failure(ErrorKind::bad_request, problems.front());
      head.name = names[head.context].claim(head.name);
      result.functions.push_back(std::move(function));
    } catch (const Failure& failure) {
      report.refused.push_back({function.source.method, head.path(), failure.error().message});
    }
  }
  result.report = std::move(report);
  return result;
}

}  // namespace poly::training
