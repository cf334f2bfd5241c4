// Text that must not be shown: it cannot be printed, logged, encoded or copied by accident.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace poly {

class Secret final {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  ~Secret() { wipe(); }

  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  bool empty() const { return text_.empty(); }
  // The one way to the text. Whoever calls it decides where the text goes.
  std::string_view reveal() const { return text_; }
  Secret duplicate() const { return Secret(text_); }

 private:
  void wipe() noexcept;
  std::string text_;
};

}  // namespace poly
