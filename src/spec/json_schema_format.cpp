#include "spec/json_schema_format.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <re2/re2.h>

#include "base/id.hpp"
#include "spec/json_schema_pattern.hpp"

namespace poly::spec::json_schema {
namespace {

constexpr std::size_t host_name_bytes_max = 253;
constexpr std::size_t mail_name_bytes_max = 64;

// Reads one piece after the other; `failed` says that a piece was not there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    if (text_.size() < count) failed_ = true;
    if (failed_) return 0;
    const char* end = text_.data() + count;
    const auto read = std::from_chars(text_.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || value < 0) failed_ = true;
    text_.remove_prefix(count);
    return value;
  }

  bool take_any(std::string_view choices) {
    if (text_.empty() || choices.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect_any(std::string_view choices) {
    if (!take_any(choices)) failed_ = true;
  }

  void fraction() {
    if (!take_any(".")) return;
    expect_any("0123456789");
    while (take_any("0123456789")) {
    }
  }

  bool is_next(char c) const { return !text_.empty() && text_.front() == c; }
  bool failed() const { return failed_; }
  bool is_done() const { return !failed_ && text_.empty(); }

 private:
  std::string_view text_;
  bool failed_ = false;
};

bool scan_date(Scanner& scanner) {
  const int year = scanner.digits(4);
  scanner.expect_any("-");
  const int month = scanner.digits(2);
  scanner.expect_any("-");
  const int day = scanner.digits(2);
  const auto date = std::chrono::year(year) / month / day;
  return !scanner.failed() && date.ok();
}

// RFC 3339 full-time; second 60 only where a leap second can be, at 23:59 UTC.
bool scan_time(Scanner& scanner) {
  const int hour = scanner.digits(2);
  scanner.expect_any(":");
  const int minute = scanner.digits(2);
  scanner.expect_any(":");
  const int second = scanner.digits(2);
  scanner.fraction();
  int offset_minutes = 0;
  if (!scanner.take_any("Zz")) {
    const int sign = scanner.is_next('-') ? -1 : 1;
    scanner.expect_any("+-");
    const int offset_hour = scanner.digits(2);
    scanner.expect_any(":");
    const int offset_minute = scanner.digits(2);
    if (offset_hour > 23 || offset_minute > 59) return false;
    offset_minutes = sign * (offset_hour * 60 + offset_minute);
  }
  if (scanner.failed() || hour > 23 || minute > 59 || second > 60) return false;
  constexpr int minutes_a_day = 24 * 60;
  const int minute_of_day = (hour * 60 + minute - offset_minutes + 2 * minutes_a_day) % minutes_a_day;
  return second < 60 || minute_of_day == minutes_a_day - 1;
}

bool is_date(std::string_view text) {
  Scanner scanner(text);
  return scan_date(scanner) && scanner.is_done();
}

bool is_time(std::string_view text) {
  Scanner scanner(text);
  return scan_time(scanner) && scanner.is_done();
}

bool is_date_time(std::string_view text) {
  Scanner scanner(text);
  if (!scan_date(scanner)) return false;
  scanner.expect_any("Tt");
  return scan_time(scanner) && scanner.is_done();
}

bool is_duration(std::string_view text) {
  static const RE2 shape(R"(P(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?))");
  return RE2::FullMatch(text, shape) && text.size() > 2 && text.back() != 'T';
}

bool is_host_name(std::string_view text) {
  static const RE2 shape(
      R"((?i)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)");
  return text.size() <= host_name_bytes_max && RE2::FullMatch(text, shape);
}

bool is_ipv4(std::string_view text) {
  return boost::urls::parse_ipv4_address(text).has_value();
}
bool is_ipv6(std::string_view text) {
  return boost::urls::parse_ipv6_address(text).has_value();
}

bool is_mail_domain(std::string_view domain) {
  if (!domain.starts_with('[') || !domain.ends_with(']')) return is_host_name(domain);
  domain = domain.substr(1, domain.size() - 2);
  constexpr std::string_view ipv6_tag = "IPv6:";
  return domain.starts_with(ipv6_tag) ? is_ipv6(domain.substr(ipv6_tag.size())) : is_ipv4(domain);
}

bool is_email(std::string_view text) {
  static const RE2 name_shape(
      R"RE((?i)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[^"\\]|\\.)*")RE");
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at > mail_name_bytes_max) return false;
  return RE2::FullMatch(text.substr(0, at), name_shape) && is_mail_domain(text.substr(at + 1));
}

bool is_uri(std::string_view text) {
  return boost::urls::parse_uri(text).has_value();
}
bool is_uri_reference(std::string_view text) {
  return boost::urls::parse_uri_reference(text).has_value();
}
bool is_uuid(std::string_view text) {
  return Uuid::parse(text).has_value();
}

bool is_json_pointer(std::string_view text) {
  static const RE2 shape(R"((?s)(?:/(?:[^~/]|~0|~1)*)*)");
  return RE2::FullMatch(text, shape);
}

bool is_relative_json_pointer(std::string_view text) {
  static const RE2 shape(R"((?s)(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*))");
  return RE2::FullMatch(text, shape);
}

bool is_regular_expression(std::string_view text) {
  const auto pattern = to_re2_syntax(text);
  if (!pattern) return pattern.error().kind == ErrorKind::unsupported;
  return RE2(*pattern, RE2::Quiet).ok();
}

struct NamedFormat {
  std::string_view name;
  FormatCheck check;
};

constexpr std::array<NamedFormat, 14> formats{{
    {"date-time", is_date_time},
    {"date", is_date},
    {"time", is_time},
    {"duration", is_duration},
    {"email", is_email},
    {"hostname", is_host_name},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"uri", is_uri},
    {"uri-reference", is_uri_reference},
    {"uuid", is_uuid},
    {"json-pointer", is_json_pointer},
    {"relative-json-pointer", is_relative_json_pointer},
    {"regex", is_regular_expression},
}};

}  // namespace

FormatCheck format_check(std::string_view format) {
  for (const auto& known : formats) {
    if (known.name == format) return known.check;
  }
  return nullptr;
}

}  // namespace poly::spec::json_schema
