// Bytes that were read and not parsed yet, in one piece of memory that a connection reuses.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace poly::http {

class ReadBuffer final {
 public:
  static constexpr std::size_t bytes_least = 4096;

  std::string_view data() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }

  // Room for the next read. Grows by doubling when full, up to `bytes_max` in all; empty when that is
  // reached.
  std::span<char> prepare(std::size_t bytes_max);
  void commit(std::size_t count) { end_ += count; }
  void consume(std::size_t count) { begin_ += count; }

  // Makes the room at least `bytes` large, for a body that is known to come.
  void grow_to(std::size_t bytes);
  // Back to the least size when nothing is held: a connection at rest keeps little memory.
  void shrink();

 private:
  void reallocate(std::size_t capacity);

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace poly::http
