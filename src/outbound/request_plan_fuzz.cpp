// Whatever an argument holds, it stays in its place: it cannot add a header, leave its path segment or change the host.
#include "outbound/request_plan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace poly;
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const outbound::RequestPlan plan([] {
    spec::ApiFunction function;
    function.source.url = "https://api.example.com/things/{{a}}/end?q={{a}}";
    function.source.headers = {{"X-Value", "{{a}}", {}}};
    return function;
  }());
  const JsonObject arguments{{"a", text}};
  try {
    const auto request = plan.render(outbound::Arguments(arguments));
    CHECK(request.url.origin.host == "api.example.com");
    CHECK(request.url.path().starts_with("/things/"));
    CHECK(request.url.path().ends_with("/end"));
    CHECK(std::ranges::count(request.url.path(), '/') == 3);
    CHECK(request.url.target.find_first_of("\r\n #") == std::string::npos);
    for (const auto& [name, value] : request.headers) CHECK(value.find_first_of("\r\n") == std::string::npos);
  } catch (const Failure&) {
    return 0;
  }
  return 0;
}
