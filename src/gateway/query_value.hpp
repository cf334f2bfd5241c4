// Typed values of query parameters; each throws bad_request naming the parameter.
#pragma once

#include <optional>
#include <string_view>

#include "base/codec.hpp"
#include "gateway/route.hpp"

namespace poly::gateway {

std::optional<std::int64_t> number_in_query(const Context& context, std::string_view name);

template <class SomeId>
std::optional<SomeId> id_in_query(const Context& context, std::string_view name) {
  const auto text = context.query_value(name);
  if (text.empty()) return std::nullopt;
  auto id = SomeId::parse(text);
  if (!id)
    throw Failure(ErrorKind::bad_request, std::string(name) + ": '" + std::string(text) + "' is not a UUID");
  return id;
}

template <class Enum>
std::optional<Enum> word_in_query(const Context& context, std::string_view name) {
  const auto text = context.query_value(name);
  if (text.empty()) return std::nullopt;
  auto value = enum_of<Enum>(text);
  if (!value) {
    throw Failure(ErrorKind::bad_request,
                  std::string(name) + ": '" + std::string(text) + "' is not one of " + words_listed<Enum>());
  }
  return value;
}

// The id in the path at `index`.
template <class SomeId>
SomeId id_in_path(const Context& context, std::size_t index) {
  auto id = SomeId::parse(context.parameters[index]);
  if (!id) throw Failure(ErrorKind::bad_request, "'" + context.parameters[index] + "' is not a UUID");
  return *id;
}

}  // namespace poly::gateway
