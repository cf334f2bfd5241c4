// The streams of this process.
#pragma once

#include "cli/world.hpp"

namespace poly::cli {

class ProcessTerminal final : public Terminal {
 public:
  std::istream& in() override;
  std::ostream& out() override;
  std::ostream& err() override;
  StreamKind in_kind() const override;
  StreamKind out_kind() const override;
  StreamKind err_kind() const override;
  Secret read_hidden_line(std::string_view prompt) override;
};

}  // namespace poly::cli
