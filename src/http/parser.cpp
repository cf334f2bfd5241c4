#include "http/parser.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace poly::http {
namespace beast_http = boost::beast::http;

namespace {

// A body of announced length is given its memory at once, up to here; a longer one grows as it really comes.
constexpr std::uint64_t reserve_bytes_max = std::uint64_t{1} << 20;

}  // namespace

template <bool is_request>
Parsed MessageParser<is_request>::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  if (head_given_ && this->is_done()) return Parsed::message;
  for (;;) {
    const bool in_head = !this->is_header_done();
    const auto rest = bytes.substr(used);
    if (rest.empty()) return Parsed::need_more;
    ErrorCode code;
    this->eager(!in_head);
    const auto count = this->put(boost::asio::const_buffer(rest.data(), rest.size()), code);
    used += count;
    if (in_head) head_bytes_ += count;
    const bool limit = code == beast_http::error::header_limit || code == beast_http::error::body_limit;
    if (limit || (in_head && head_bytes_ > head_bytes_max_)) return Parsed::too_large;
    if (code && code != beast_http::error::need_more) {
      problem_ = code.message();
      return Parsed::wrong;
    }
    if (this->is_header_done() && !head_given_) {
      head_given_ = true;
      problem_ = head_problem();
      return problem_.empty() ? Parsed::head : Parsed::wrong;
    }
    if (this->is_done()) return Parsed::message;
    if (code == beast_http::error::need_more || count == 0) {
      const bool full = in_head && head_bytes_ + bytes.size() - used >= head_bytes_max_;
      return full ? Parsed::too_large : Parsed::need_more;
    }
  }
}

template <bool is_request>
void MessageParser<is_request>::on_field_impl(beast_http::field, View name, View value, ErrorCode&) {
  // Trailers come after the head; what they say must not pass for a header that was checked.
  if (head_given_) return;
  headers().add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
}

template <bool is_request>
void MessageParser<is_request>::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
  if (length) body().reserve(static_cast<std::size_t>(std::min(*length, reserve_bytes_max)));
}

template <bool is_request>
std::size_t MessageParser<is_request>::on_body_impl(View bytes, ErrorCode& problem) {
  if (bytes.size() > body_bytes_max_ - body().size()) {
    problem = beast_http::error::body_limit;
    return 0;
  }
  body().append(bytes.data(), bytes.size());
  body_bytes_read_ += bytes.size();
  return bytes.size();
}

template <bool is_request>
void MessageParser<is_request>::on_chunk_header_impl(std::uint64_t size, View, ErrorCode& problem) {
  if (size > body_bytes_max_ - body().size()) problem = beast_http::error::body_limit;
}

template <bool is_request>
std::size_t MessageParser<is_request>::on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& problem) {
  return on_body_impl(bytes, problem);
}

bool RequestParser::coding_known() const {
  const auto* coding = request.headers.find("Transfer-Encoding");
  return !coding || (this->chunked() && coding->size() == std::string_view("chunked").size());
}

std::string RequestParser::head_problem() const {
  std::size_t hosts = 0;
  for (const auto& header : request.headers) {
    if (same_header_name(header.name, "Host")) ++hosts;
  }
  if (hosts > 1 || (hosts == 0 && !is_http_1_0())) return "exactly one Host header is needed";
  if (request.target.starts_with('/') || request.target == "*") return {};
  return "the target must be a path or an absolute URL";
}

void RequestParser::on_request_impl(beast_http::verb, View method, View target, int version, ErrorCode&) {
  const auto known = http::parse_method(std::string_view(method.data(), method.size()));
  method_known_ = known.has_value();
  request.method = known.value_or(Method::get);
  version_ = version;
  std::string_view path(target.data(), target.size());
  // The absolute form, which only proxies need: what follows the authority is the path.
  if (const auto scheme = path.find("://"); !path.starts_with('/') && scheme != std::string_view::npos) {
    const auto begin = path.find_first_of("/?", scheme + 3);
    path = begin == std::string_view::npos ? "/" : path.substr(begin);
    if (path.starts_with('?')) request.target = "/";
  }
  request.target.append(path);
}

template class MessageParser<true>;
template class MessageParser<false>;

}  // namespace poly::http
