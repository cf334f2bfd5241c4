// A worker may send anything: cutting its bytes into frames must never read outside of them.
#include "runtime/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  poly::runtime::FrameReader reader;
  std::size_t seen = 0;
  while (size > 0) {
    // Pieces of changing size, as a socket gives them.
    const std::size_t piece = std::min<std::size_t>(size, 1 + data[0] % 64);
    std::copy(data, data + piece, reader.prepare(piece));
    reader.commit(piece);
    data += piece;
    size -= piece;
    for (;;) {
      const auto frame = reader.next();
      if (!frame) return 0;
      if (!*frame) break;
      for (const char byte : (*frame)->header) seen += static_cast<unsigned char>(byte);
      for (const char byte : (*frame)->body) seen += static_cast<unsigned char>(byte);
    }
  }
  return seen == static_cast<std::size_t>(-1) ? 1 : 0;
}
