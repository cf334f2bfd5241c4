#include "gateway/query_value.hpp"

#include <charconv>

namespace poly::gateway {

std::optional<std::int64_t> number_in_query(const Context& context, std::string_view name) {
  const auto text = context.query_value(name);
  if (text.empty()) return std::nullopt;
  std::int64_t number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || stop != text.data() + text.size() || number < 0) {
    throw Failure(ErrorKind::bad_request,
                  std::string(name) + ": '" + std::string(text) + "' is not a whole number from 0");
  }
  return number;
}

}  // namespace poly::gateway
