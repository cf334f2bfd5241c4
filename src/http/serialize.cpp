#include "http/serialize.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.hpp"
#include "http/content_coding.hpp"

namespace poly::http {
namespace {

struct Phrase {
  int status;
  std::string_view words;
};

constexpr Phrase phrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_length(std::string& out, std::size_t bytes) {
  out.append("Content-Length: ");
  append_number(out, bytes);
  out.append("\r\n");
}

using CharacterSet = std::array<bool, 256>;

// RFC 9110, section 5.6.2.
constexpr CharacterSet token_characters = [] {
  CharacterSet set{};
  for (int c = 0; c < 256; ++c) {
    set[static_cast<std::size_t>(c)] =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) set[static_cast<unsigned char>(c)] = true;
  return set;
}();

constexpr CharacterSet value_characters = [] {
  CharacterSet set{};
  for (int c = 0; c < 256; ++c) set[static_cast<std::size_t>(c)] = c == '\t' || (c >= ' ' && c != 0x7f);
  return set;
}();

bool all_in(const CharacterSet& set, std::string_view text) {
  return std::ranges::all_of(text, [&set](char c) { return set[static_cast<unsigned char>(c)]; });
}

}  // namespace

std::string_view reason_phrase(int status) {
  if (status == 200) return "OK";
  const auto found = std::ranges::lower_bound(phrases, status, {}, &Phrase::status);
  return found != std::end(phrases) && found->status == status ? found->words : std::string_view();
}

bool allows_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

bool is_connection_header(std::string_view name) {
  constexpr std::array<std::string_view, 10> names = {
      "Connection", "Content-Length",   "Transfer-Encoding", "Keep-Alive", "Upgrade",
      "TE",         "Proxy-Connection", "Trailer",           "Expect",     "HTTP2-Settings"};
  return std::ranges::any_of(names, [name](std::string_view own) { return same_header_name(own, name); });
}

Result<void> check_headers(const Headers& headers) {
  for (const auto& header : headers) {
    if (header.name.empty() || !all_in(token_characters, header.name)) {
      return fail(ErrorKind::bad_request,
                  "header name '" + header.name + "' has characters that no header name has");
    }
    if (!all_in(value_characters, header.value)) {
      return fail(ErrorKind::bad_request,
                  "header '" + header.name + "' has a line break or control character in its value");
    }
  }
  return {};
}

Result<void> check_response(const Response& response) {
  if (response.status >= 200 && response.status <= 599) return check_headers(response.headers);
  return fail(ErrorKind::internal, "the status " + std::to_string(response.status) + " ends no request");
}

Result<void> check_request(const Url& url, const Headers& headers) {
  const auto on_its_line = [](std::string_view text) {
    return !text.empty() && text.find(' ') == std::string_view::npos && all_in(value_characters, text);
  };
  if (!url.target.starts_with('/') || !on_its_line(url.target) || !on_its_line(url.origin.host)) {
    return fail(ErrorKind::bad_request, "the URL has characters that must be percent-encoded, or no path");
  }
  return check_headers(headers);
}

std::string_view DateLine::now() {
  const auto second = std::time(nullptr);
  if (second == second_) return line_;
  second_ = second;
  constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm calendar{};
  gmtime_r(&second, &calendar);
  // The names come from here and not from strftime, which would follow the process's locale.
  std::array<char, 32> clock;
  const auto clock_bytes = std::strftime(clock.data(), clock.size(), "%Y %H:%M:%S GMT\r\n", &calendar);
  const auto day = std::to_string(calendar.tm_mday);
  line_ = "Date: ";
  line_.append(days[static_cast<std::size_t>(calendar.tm_wday)]).append(", ");
  line_.append(day.size() == 1 ? "0" : "").append(day).append(" ");
  line_.append(months[static_cast<std::size_t>(calendar.tm_mon)])
      .append(" ")
      .append(clock.data(), clock_bytes);
  return line_;
}

void append_head(std::string& out, const ResponseHead& head) {
  const auto& response = head.response;
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason_phrase(response.status)).append("\r\n");
  for (const auto& header : response.headers) {
    if (!is_connection_header(header.name)) append_line(out, header.name, header.value);
  }
  out.append(head.date_line);
  if (allows_body(response.status) && head.framing == BodyFraming::length) {
    append_length(out, response.body.size());
  } else if (allows_body(response.status) && head.framing == BodyFraming::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  if (head.connection == Connection::close) {
    out.append("Connection: close\r\n");
  } else if (head.to_http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

Response error_response(int status, std::string_view message) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  response.body = "{\"statusCode\":" + std::to_string(status) + ",\"message\":";
  append_quoted(response.body, message);
  response.body.append("}");
  return response;
}

void append_head(std::string& out, const RequestHead& head) {
  out.append(to_string(head.method)).append(" ").append(head.url.target).append(" HTTP/1.1\r\n");
  if (!head.headers.find("Host")) append_line(out, "Host", head.url.origin.authority());
  if (!head.headers.find("User-Agent")) append_line(out, "User-Agent", head.user_agent);
  if (!head.headers.find("Accept")) append_line(out, "Accept", "*/*");
  // A part of a compressed body could not be decoded.
  if (head.asks_for_compression && !head.headers.find("Accept-Encoding") && !head.headers.find("Range"))
    append_line(out, "Accept-Encoding", accepted_content_codings);
  for (const auto& header : head.headers) {
    if (!is_connection_header(header.name)) append_line(out, header.name, header.value);
  }
  const bool body_is_usual =
      head.method == Method::post || head.method == Method::put || head.method == Method::patch;
  if (head.body_bytes > 0 || body_is_usual) append_length(out, head.body_bytes);
  out.append("\r\n");
}

}  // namespace poly::http
