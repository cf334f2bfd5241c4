// Frames of the worker protocol (docs/worker-protocol.md), without I/O: bytes in, frames out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace poly::runtime {

enum class FrameKind : std::uint8_t {
  load = 0x01,
  call = 0x02,
  cancel = 0x03,
  drain = 0x04,
  reply = 0x05,
  more = 0x06,
  program = 0x07,
  hello = 0x41,
  loaded = 0x42,
  result = 0x43,
  error = 0x44,
  log = 0x45,
  nested = 0x46,
  chunk = 0x47,
};

inline constexpr std::size_t frame_bytes_max = 64 << 20;
inline constexpr std::size_t frame_prefix_bytes = 4;  // the length
inline constexpr std::size_t frame_fixed_bytes = 5;   // kind and id, counted by the length

struct Frame {
  FrameKind kind{};
  std::uint32_t id = 0;
  std::string_view header;  // JSON, or nothing for {}
  std::string_view body;
};

// Appends a frame. Throws too_large when header and body do not fit.
void append_frame(std::string& out, FrameKind kind, std::uint32_t id, std::string_view header = {},
                  std::string_view body = {});

// Cuts a stream of bytes into frames from the worker.
class FrameReader final {
 public:
  // Room for at least `bytes` more; fill some of it, then say how many with commit().
  char* prepare(std::size_t bytes);
  void commit(std::size_t bytes) { end_ += bytes; }

  // The next whole frame, nothing when more bytes are needed, or what is wrong with the stream. A frame is a
  // view that lasts until the next prepare().
  Result<std::optional<Frame>> next();

 private:
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace poly::runtime
