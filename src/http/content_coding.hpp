// Compressed bodies (`Content-Encoding`) become what they were, piece by piece as they come, so that a small
// body which grows without end is given up at its limit and never held whole. Internal to the room.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace poly::http {

// What a client that decodes asks for.
inline constexpr std::string_view accepted_content_codings = "gzip, deflate, br";

enum class Decoded {
  need_more,  // everything that was given is used
  wrong,      // the bytes are not of this coding
  too_large,  // there would be more than allowed
};

class ContentDecoder {
 public:
  ContentDecoder() = default;
  virtual ~ContentDecoder() = default;
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // Appends to `body` what `bytes` stand for, until it holds `body_bytes_max`.
  virtual Decoded feed(std::string_view bytes, std::string& body, std::size_t body_bytes_max) = 0;

  // Whether the body may end here.
  virtual bool is_whole() const = 0;
};

// The decoder for one coding as a `Content-Encoding` header names it; none when it is another one, or
// several.
std::unique_ptr<ContentDecoder> content_decoder(std::string_view coding);

}  // namespace poly::http
