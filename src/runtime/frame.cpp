#include "runtime/frame.hpp"

#include <cstring>

namespace poly::runtime {
namespace {

std::uint32_t read_u32(const char* at) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(at[i]);
  return value;
}

void append_u32(std::string& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i, value >>= 8) out.push_back(static_cast<char>(value & 0xFF));
}

bool from_worker(std::uint8_t kind) {
  return kind >= static_cast<std::uint8_t>(FrameKind::hello) &&
         kind <= static_cast<std::uint8_t>(FrameKind::chunk);
}

std::unexpected<Error> broken(std::string reason) {
  return fail(ErrorKind::internal, "the worker broke its protocol: " + std::move(reason));
}

}  // namespace

void append_frame(std::string& out, FrameKind kind, std::uint32_t id, std::string_view header,
                  std::string_view body) {
  const std::size_t length = frame_fixed_bytes + 4 + header.size() + body.size();
  if (length > frame_bytes_max) {
    throw Failure(ErrorKind::too_large, "a message of " + std::to_string(length) +
                                            " bytes is past the 67108864 bytes that a worker takes at once");
  }
  out.reserve(out.size() + frame_prefix_bytes + length);
  append_u32(out, static_cast<std::uint32_t>(length));
  out.push_back(static_cast<char>(kind));
  append_u32(out, id);
  append_u32(out, static_cast<std::uint32_t>(header.size()));
  out.append(header);
  out.append(body);
}

char* FrameReader::prepare(std::size_t bytes) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + bytes) buffer_.resize(std::max(end_ + bytes, buffer_.size() * 2));
  return buffer_.data() + end_;
}

Result<std::optional<Frame>> FrameReader::next() {
  const std::size_t available = end_ - begin_;
  if (available < frame_prefix_bytes) return std::nullopt;
  const char* at = buffer_.data() + begin_;
  const std::size_t length = read_u32(at);
  if (length < frame_fixed_bytes || length > frame_bytes_max) {
    return broken("a frame says that it has " + std::to_string(length) + " bytes");
  }
  if (available < frame_prefix_bytes + length) return std::nullopt;
  const auto kind = static_cast<std::uint8_t>(at[4]);
  if (!from_worker(kind)) return broken("a frame of kind " + std::to_string(kind));
  Frame frame{.kind = static_cast<FrameKind>(kind), .id = read_u32(at + 5)};
  std::string_view payload(at + frame_prefix_bytes + frame_fixed_bytes, length - frame_fixed_bytes);
  if (!payload.empty()) {
    if (payload.size() < 4) return broken("a message without the length of its header");
    const std::size_t header_length = read_u32(payload.data());
    payload.remove_prefix(4);
    if (header_length > payload.size()) return broken("a header longer than its message");
    frame.header = payload.substr(0, header_length);
    frame.body = payload.substr(header_length);
  }
  begin_ += frame_prefix_bytes + length;
  return frame;
}

}  // namespace poly::runtime
