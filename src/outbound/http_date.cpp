#include "outbound/http_date.hpp"

#include <sstream>
#include <string>

#include <date/date.h>

namespace poly::outbound {

std::optional<Timestamp> parse_http_date(std::string_view text) {
  for (const auto* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::istringstream in{std::string(text)};
    in.imbue(std::locale::classic());
    Timestamp time;
    if (in >> date::parse(form, time) && in.peek() == std::char_traits<char>::eof()) return time;
  }
  return std::nullopt;
}

}  // namespace poly::outbound
