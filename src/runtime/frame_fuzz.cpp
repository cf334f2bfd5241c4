// A worker may send anything: neither cutting its bytes into frames nor reading their headers may end polyd.
#include "runtime/frame_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  poly::runtime::read_as_frames({reinterpret_cast<const char*>(data), size});
  return 0;
}
