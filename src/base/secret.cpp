#include "base/secret.hpp"

#include <sodium.h>

namespace poly {

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

void Secret::wipe() noexcept {
  sodium_memzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace poly
