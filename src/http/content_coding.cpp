#include "http/content_coding.hpp"

#include <array>
#include <cstdint>

#include <brotli/decode.h>
#include <zlib.h>

#include "base/ascii_case.hpp"
#include "base/error.hpp"

namespace poly::http {
namespace {

constexpr std::size_t piece_bytes = 16 << 10;
using Piece = std::array<unsigned char, piece_bytes>;

// False when the body would be larger than allowed.
bool append_piece(std::string& body, std::size_t body_bytes_max, const Piece& piece, std::size_t count) {
  if (count > body_bytes_max - body.size()) return false;
  body.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
  return true;
}

// Window sizes of inflateInit2, which also choose the wrapping.
constexpr int gzip_wrapped = 15 + 16;
constexpr int zlib_wrapped = 15;
constexpr int bare = -15;

class Inflater final : public ContentDecoder {
 public:
  explicit Inflater(bool is_gzip) : is_gzip_(is_gzip) {}
  ~Inflater() override { inflateEnd(&stream_); }

  Decoded feed(std::string_view bytes, std::string& body, std::size_t body_bytes_max) override {
    if (bytes.empty()) return Decoded::need_more;
    if (!begun_) begin(static_cast<unsigned char>(bytes.front()));
    // zlib reads through this pointer and never writes.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (true) {
      if (ended_ && stream_.avail_in == 0) return Decoded::need_more;
      if (ended_ && !begin_next_member()) return Decoded::wrong;
      Piece piece;
      stream_.next_out = piece.data();
      stream_.avail_out = piece_bytes;
      const int outcome = inflate(&stream_, Z_NO_FLUSH);
      if (!append_piece(body, body_bytes_max, piece, piece_bytes - stream_.avail_out))
        return Decoded::too_large;
      if (outcome == Z_STREAM_END) {
        ended_ = true;
      } else if (outcome == Z_BUF_ERROR || (outcome == Z_OK && stream_.avail_out > 0)) {
        return Decoded::need_more;
      } else if (outcome != Z_OK) {
        return Decoded::wrong;
      }
    }
  }

  bool is_whole() const override { return ended_ || !begun_; }

 private:
  // "deflate" is wrapped as zlib does by the standard, and bare by the habit of some servers. The first byte
  // tells: its low half is 8 in the wrapping, where a bare stream would begin with a block type that zlib
  // never writes with those bits.
  void begin(unsigned char first) {
    const bool is_wrapped = (first & 0x0f) == Z_DEFLATED && (first >> 4) <= 7;
    const int window = is_gzip_ ? gzip_wrapped : is_wrapped ? zlib_wrapped : bare;
    if (inflateInit2(&stream_, window) != Z_OK) throw Failure(ErrorKind::internal, "zlib cannot be started");
    begun_ = true;
  }

  // A gzip body may be several gzip files one after the other (RFC 1952, section 2.2).
  bool begin_next_member() {
    if (!is_gzip_ || inflateReset(&stream_) != Z_OK) return false;
    ended_ = false;
    return true;
  }

  const bool is_gzip_;
  bool begun_ = false;
  bool ended_ = false;
  z_stream stream_{};
};

class BrotliDecoder final : public ContentDecoder {
 public:
  Decoded feed(std::string_view bytes, std::string& body, std::size_t body_bytes_max) override {
    if (!state_) throw Failure(ErrorKind::internal, "brotli cannot be started");
    if (bytes.empty()) return Decoded::need_more;
    begun_ = true;
    auto left = bytes.size();
    const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
    while (true) {
      Piece piece;
      auto* out = piece.data();
      std::size_t room = piece_bytes;
      const auto outcome = BrotliDecoderDecompressStream(state_.get(), &left, &next, &room, &out, nullptr);
      if (outcome == BROTLI_DECODER_RESULT_ERROR) return Decoded::wrong;
      if (!append_piece(body, body_bytes_max, piece, piece_bytes - room)) return Decoded::too_large;
      if (outcome == BROTLI_DECODER_RESULT_SUCCESS) return left == 0 ? Decoded::need_more : Decoded::wrong;
      if (outcome == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return Decoded::need_more;
    }
  }

  bool is_whole() const override { return !begun_ || BrotliDecoderIsFinished(state_.get()) == BROTLI_TRUE; }

 private:
  struct Destroy {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Destroy> state_{BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)};
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<ContentDecoder> content_decoder(std::string_view coding) {
  const auto name = lower(coding);
  if (name == "gzip" || name == "x-gzip") return std::make_unique<Inflater>(true);
  if (name == "deflate") return std::make_unique<Inflater>(false);
  if (name == "br") return std::make_unique<BrotliDecoder>();
  return nullptr;
}

}  // namespace poly::http
