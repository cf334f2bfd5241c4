// Heads of messages as bytes.
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

namespace poly::http {

std::string_view reason_phrase(int status);  // "Not Found"; "" for a status nobody named

// Connection, Content-Length, Transfer-Encoding and their kin: one hop's own business, written by this room
// alone.
bool is_connection_header(std::string_view name);

// Whether a message of this status may have a body at all.
bool allows_body(int status);

// The error when a name is no token or a value has a line break or another control character in it, either of
// which would let a value write headers of its own.
Result<void> check_headers(const Headers& headers);
// Headers, and a final status.
Result<void> check_response(const Response& response);
// Headers, and a target and host that stay on their lines.
Result<void> check_request(const Url& url, const Headers& headers);

// `Date: …`, made once a second.
class DateLine final {
 public:
  std::string_view now();

 private:
  std::time_t second_ = -1;
  std::string line_;
};

enum class Connection { keep_alive, close };
// How a client finds the end of a body.
enum class BodyFraming { length, chunked, until_close };

struct ResponseHead {
  const Response& response;
  std::string_view date_line;
  Connection connection = Connection::keep_alive;
  BodyFraming framing = BodyFraming::length;
  bool to_http_1_0 = false;  // an older client is told that the connection stays
};
void append_head(std::string& out, const ResponseHead& head);

// The answer of the server itself: `{"statusCode":413,"message":"…"}`.
Response error_response(int status, std::string_view message);

struct RequestHead {
  Method method;
  const Url& url;
  const Headers& headers;
  std::string_view user_agent;
  std::size_t body_bytes;
  bool asks_for_compression = false;
};
void append_head(std::string& out, const RequestHead& head);

}  // namespace poly::http
