// Reads bytes as what a worker sent, all of it: for the fuzzer, and for the seeds that are kept in
// tests/fuzz.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>

#include "runtime/frame_headers.hpp"

namespace poly::runtime {

struct FramesRead {
  std::set<FrameKind> kinds;          // of the frames
  std::size_t refused_headers = 0;    // that were none of their kind
  bool broken = false;                // the stream could not be cut any further
  std::size_t bytes_of_messages = 0;  // headers and bodies, every byte of which was looked at
};

inline bool header_is_sound(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::result:
    case FrameKind::chunk:
      return read_result_header(frame).has_value();
    case FrameKind::log:
      return read_log_header(frame).has_value();
    case FrameKind::nested:
      return read_nested_header(frame).has_value();
    case FrameKind::error: {
      const auto header = read_error_header(frame);
      return header && header->text().size() >= header->message.size() &&
             header->status().value_or(400) >= 400;
    }
    default:
      return true;
  }
}

inline FramesRead read_as_frames(std::string_view bytes) {
  FramesRead seen;
  FrameReader reader;
  while (!bytes.empty()) {
    // Pieces of changing size, as a socket gives them.
    const auto piece = bytes.substr(0, 1 + static_cast<unsigned char>(bytes.front()) % 64);
    std::ranges::copy(piece, reader.prepare(piece.size()));
    reader.commit(piece.size());
    bytes.remove_prefix(piece.size());
    for (;;) {
      const auto frame = reader.next();
      seen.broken = !frame;
      if (!frame) return seen;
      if (!*frame) break;
      seen.kinds.insert((*frame)->kind);
      if (!header_is_sound(**frame)) ++seen.refused_headers;
      for (const auto part : {(*frame)->header, (*frame)->body}) {
        seen.bytes_of_messages += part.size();
        for (const char byte : part) static_cast<void>(*const_cast<const volatile char*>(&byte));
      }
    }
  }
  return seen;
}

}  // namespace poly::runtime
