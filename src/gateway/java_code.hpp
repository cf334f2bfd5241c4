// What clients of Java send as `code`: a JSON text around the source (wire.md section 5.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace poly::gateway {

struct JavaCode {
  std::string source;
  std::string method;  // may differ from the name of the function

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("code", self.source);
    field.required("methodName", self.method);
  }
};

// Nothing when `code` is the source itself.
std::optional<JavaCode> java_code(std::string_view code);

}  // namespace poly::gateway
