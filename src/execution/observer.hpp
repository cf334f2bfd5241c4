// Listens to one run of a server function: answers its nested calls, keeps its output.
#pragma once

#include "execution/execution.hpp"

namespace poly::execution {

class Observer final : public runtime::CallObserver {
 public:
  // `inside` is who the function's own calls are made for.
  Observer(Execution& execution, Parts& parts, catalog::ResourcePointer function, int revision,
           ExecutionId id, Caller inside);

  Task<std::string> nested(runtime::NestedRequest request) override;
  void log(LogLevel level, Timestamp at, std::string_view text) override;

 private:
  Task<std::string> answer(runtime::NestedRequest request);
  Task<std::string> call(std::string path, Json arguments);
  Task<std::string> update_variable(std::string path, Json arguments);
  std::string read_variable(std::string_view path) const;

  Execution& execution_;
  Parts& parts_;
  catalog::ResourcePointer function_;
  int revision_;
  ExecutionId id_;
  Caller inside_;
  std::size_t nested_calls_ = 0;
  std::size_t log_bytes_ = 0;
};

}  // namespace poly::execution
