// HTTP/1.1 messages out of bytes, without I/O: Beast's state machine fills our own messages directly.
// Internal to the room, and the only header that shows Beast.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "http/message.hpp"

namespace poly::http {

// Where a parser stands after it was fed.
enum class Parsed {
  need_more,  // all that could be used is used
  head,       // the head is whole; the body has not been touched
  message,    // everything is there
  wrong,      // see problem()
  too_large,  // more head or body than allowed
};

// What both directions share. `is_request` chooses the first line's form.
template <bool is_request>
class MessageParser : public boost::beast::http::basic_parser<is_request> {
 public:
  using Base = boost::beast::http::basic_parser<is_request>;
  using ErrorCode = boost::beast::error_code;
  using View = boost::beast::string_view;

  MessageParser(std::size_t head_bytes_max, std::size_t body_bytes_max)
      : head_bytes_max_(head_bytes_max), body_bytes_max_(body_bytes_max) {
    this->header_limit(static_cast<std::uint32_t>(head_bytes_max));
    this->body_limit(boost::none);  // counted here, for bodies of every framing
  }

  // Reads on from `bytes`, which start where the last call stopped; `used` says how many are done with.
  // Stops once after the head.
  Parsed feed(std::string_view bytes, std::size_t& used);

  // After the head: how much body may come.
  void body_bytes_max(std::size_t bytes) { body_bytes_max_ = bytes; }

  bool head_begun() const { return this->got_some(); }
  // feed() has said so: a head that is whole and larger than it may be was not given.
  bool head_given() const { return head_given_; }
  std::uint64_t body_bytes_read() const { return body_bytes_read_; }
  // What was wrong, for people.
  std::string problem() const { return problem_; }

 protected:
  virtual Headers& headers() = 0;
  virtual std::string& body() = 0;
  // A problem that Beast does not see, found when the head is whole; "" when there is none.
  virtual std::string head_problem() const { return {}; }

  int version_ = 11;

 private:
  void on_field_impl(boost::beast::http::field, View name, View value, ErrorCode&) final;
  void on_header_impl(ErrorCode&) final {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) final;
  std::size_t on_body_impl(View bytes, ErrorCode& problem) final;
  void on_chunk_header_impl(std::uint64_t size, View extensions, ErrorCode& problem) final;
  std::size_t on_chunk_body_impl(std::uint64_t remain, View bytes, ErrorCode& problem) final;
  void on_finish_impl(ErrorCode&) final {}

  const std::size_t head_bytes_max_;
  std::size_t body_bytes_max_;
  std::size_t head_bytes_ = 0;
  std::uint64_t body_bytes_read_ = 0;
  bool head_given_ = false;
  std::string problem_;
};

class RequestParser final : public MessageParser<true> {
 public:
  explicit RequestParser(std::size_t head_bytes_max) : MessageParser(head_bytes_max, 0) {}

  Request request;

  bool method_known() const { return method_known_; }
  bool is_http_1_0() const { return version_ == 10; }
  // A Transfer-Encoding other than plain `chunked`, which this room does not read.
  bool coding_known() const;
  bool body_announced() const { return this->chunked() || this->content_length().value_or(0) > 0; }

 private:
  Headers& headers() override { return request.headers; }
  std::string& body() override { return request.body; }
  std::string head_problem() const override;
  void on_request_impl(boost::beast::http::verb, View method, View target, int version, ErrorCode&) override;
  void on_response_impl(int, View, int, ErrorCode&) override {}

  bool method_known_ = true;
};

class ResponseParser final : public MessageParser<false> {
 public:
  // The response to a HEAD request has no body, whatever its headers say.
  ResponseParser(std::size_t head_bytes_max, std::size_t body_bytes_max, Method asked)
      : MessageParser(head_bytes_max, body_bytes_max) {
    if (asked == Method::head) this->skip(true);
  }

  Response response;

 private:
  Headers& headers() override { return response.headers; }
  std::string& body() override { return response.body; }
  void on_request_impl(boost::beast::http::verb, View, View, int, ErrorCode&) override {}
  void on_response_impl(int status, View, int version, ErrorCode&) override {
    response.status = status;
    version_ = version;
  }
};

extern template class MessageParser<true>;
extern template class MessageParser<false>;

}  // namespace poly::http
