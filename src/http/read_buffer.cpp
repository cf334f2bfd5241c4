#include "http/read_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace poly::http {

std::span<char> ReadBuffer::prepare(std::size_t bytes_max) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == capacity_) {
    const auto held = end_ - begin_;
    if (begin_ > 0) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, held);
      begin_ = 0;
      end_ = held;
    } else {
      reallocate(std::max(held, std::min(std::max(capacity_ * 2, bytes_least), bytes_max)));
    }
  }
  return {bytes_.get() + end_, capacity_ - end_};
}

void ReadBuffer::grow_to(std::size_t bytes) {
  if (capacity_ < bytes) reallocate(bytes);
}

void ReadBuffer::shrink() {
  if (begin_ != end_ || capacity_ <= bytes_least) return;
  bytes_.reset();
  capacity_ = begin_ = end_ = 0;
}

void ReadBuffer::reallocate(std::size_t capacity) {
  auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
  const auto held = end_ - begin_;
  if (held > 0) std::memcpy(bytes.get(), bytes_.get() + begin_, held);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
  begin_ = 0;
  end_ = held;
}

}  // namespace poly::http
