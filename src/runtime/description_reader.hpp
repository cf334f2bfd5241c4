// Reads descriptions of other systems that C++ does not read itself (Postman, HAR, curl, GraphQL, WSDL,
// OpenAPI in several files or of version 2): a process of its own turns them into neutral forms
// (toolchains/descriptions/README.md), which the training room makes into functions.
#pragma once

#include <map>
#include <string>

#include "base/enum_words.hpp"
#include "base/json.hpp"
#include "runtime/settings.hpp"
#include "runtime/tool_process.hpp"

namespace poly::runtime {

enum class DescriptionKind { openapi, postman, har, curl, graphql, wsdl };

// What somebody has: texts by their path relative to each other, and the one to begin with.
struct Description {
  DescriptionKind kind = DescriptionKind::openapi;
  std::map<std::string, std::string> files;
  std::string entry;
  JsonObject options;
};

// Belongs to one loop (the control plane's).
class DescriptionReader final {
 public:
  DescriptionReader(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings);

  // The neutral form as JSON text. Throws Failure: bad_request with a line for each fault (file, line,
  // reason), too_large, timeout, internal.
  Task<std::string> read(Description description);

  Task<void> close();

 private:
  ToolProcess process_;
};

}  // namespace poly::runtime

template <>
inline constexpr auto poly::enum_words<poly::runtime::DescriptionKind> =
    std::to_array<poly::EnumWord<poly::runtime::DescriptionKind>>({
        {poly::runtime::DescriptionKind::openapi, "openapi"},
        {poly::runtime::DescriptionKind::postman, "postman"},
        {poly::runtime::DescriptionKind::har, "har"},
        {poly::runtime::DescriptionKind::curl, "curl"},
        {poly::runtime::DescriptionKind::graphql, "graphql"},
        {poly::runtime::DescriptionKind::wsdl, "wsdl"},
    });
