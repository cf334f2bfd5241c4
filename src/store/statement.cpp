#include "store/statement.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace poly::store {

namespace {

std::string_view type_name(const Value& value) {
  static constexpr std::string_view names[] = {"null",   "an integer", "a real",       "text",
                                               "a blob", "a uuid",     "a packed uuid"};
  return names[value.index()];
}

[[noreturn]] void wrong_cell(std::size_t column, std::string_view wanted, std::string_view got) {
  throw Failure(ErrorKind::internal, "reading column " + std::to_string(column) +
                                         " of a stored row: wanted " + std::string(wanted) + ", found " +
                                         std::string(got));
}

}  // namespace

template <class T>
const T& Row::cell(std::size_t column, std::string_view wanted) const {
  if (column >= columns_) wrong_cell(column, wanted, "no such column");
  const auto* value = std::get_if<T>(&cells_[column]);
  if (!value) wrong_cell(column, wanted, type_name(cells_[column]));
  return *value;
}

bool Row::is_null(std::size_t column) const {
  if (column >= columns_) wrong_cell(column, "any value", "no such column");
  return std::holds_alternative<std::monostate>(cells_[column]);
}

const std::string& Row::text(std::size_t column) const {
  return cell<std::string>(column, "text");
}
std::int64_t Row::integer(std::size_t column) const {
  return cell<std::int64_t>(column, "an integer");
}
double Row::real(std::size_t column) const {
  return cell<double>(column, "a real");
}
const Blob& Row::blob(std::size_t column) const {
  return cell<Blob>(column, "a blob");
}
Timestamp Row::time(std::size_t column) const {
  return Timestamp(std::chrono::milliseconds(integer(column)));
}

std::optional<std::string> Row::text_or_null(std::size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}

std::optional<std::int64_t> Row::integer_or_null(std::size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<Timestamp> Row::time_or_null(std::size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(time(column));
}

Uuid Row::uuid(std::size_t column) const {
  if (column < columns_ && std::holds_alternative<Blob>(cells_[column])) {
    const auto& bytes = blob(column).bytes;
    Uuid uuid;
    if (bytes.size() != uuid.bytes.size()) wrong_cell(column, "a UUID", "other bytes");
    std::ranges::copy(bytes, uuid.bytes.begin());
    return uuid;
  }
  const auto parsed = Uuid::parse(text(column));
  if (!parsed) wrong_cell(column, "a UUID", "other text");
  return *parsed;
}

}  // namespace poly::store
