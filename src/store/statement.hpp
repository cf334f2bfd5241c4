// What goes into the store and what comes out of it: statements with their parameters, and rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"

namespace poly::store {

struct Blob {
  std::vector<std::uint8_t> bytes;

  bool operator==(const Blob&) const = default;
};

// A Uuid as its 16 bytes, for tables that get a row for each call.
struct PackedUuid {
  Uuid uuid;

  bool operator==(const PackedUuid&) const = default;
};

// A Uuid is stored as its text, a PackedUuid as a blob; Row::id reads both.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob, Uuid, PackedUuid>;

// One SQL statement. `sql` is text that lives as long as the program (a literal): prepared statements are
// kept by it. Its parameters are `$1` … `$n`, which SQLite and PostgreSQL both read.
struct Statement {
  std::string_view sql;
  std::vector<Value> parameters;
  // When set and another number of rows changed, the whole batch is undone with ErrorKind::conflict.
  std::optional<int> rows_expected;
};

inline Value value_of(Value value) {
  return value;
}
inline Value value_of(std::string_view text) {
  return std::string(text);
}
inline Value value_of(std::string&& text) {
  return std::move(text);
}
inline Value value_of(const std::string& text) {
  return text;
}
inline Value value_of(const char* text) {
  return std::string(text);
}
inline Value value_of(Timestamp time) {
  return std::int64_t{time.time_since_epoch().count()};
}
template <class Tag>
Value value_of(const Id<Tag>& id) {
  return id.uuid;
}
inline Value value_of(PackedUuid packed) {
  return packed;
}
template <class T>
Value value_of(std::optional<T> value) {
  return value ? value_of(*std::move(value)) : Value();
}

template <class Tag>
PackedUuid packed(const Id<Tag>& id) {
  return {id.uuid};
}
template <class Tag>
std::optional<PackedUuid> packed(const std::optional<Id<Tag>>& id) {
  return id ? std::optional(packed(*id)) : std::nullopt;
}

// A statement from its parameters: ids, timestamps and optionals are taken as they are, text is moved in.
template <class... Parameters>
Statement statement(std::string_view sql, Parameters&&... parameters) {
  Statement made{.sql = sql};
  made.parameters.reserve(sizeof...(parameters));
  (made.parameters.push_back(value_of(std::forward<Parameters>(parameters))), ...);
  return made;
}

// A view of one row. A getter that meets another type than its own throws Failure (internal): the statement
// and the reader of its rows do not agree.
class Row final {
 public:
  explicit Row(const Value* cells, std::size_t columns) : cells_(cells), columns_(columns) {}

  std::size_t columns() const { return columns_; }
  bool is_null(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  double real(std::size_t column) const;
  const Blob& blob(std::size_t column) const;
  Timestamp time(std::size_t column) const;

  std::optional<std::string> text_or_null(std::size_t column) const;
  std::optional<std::int64_t> integer_or_null(std::size_t column) const;
  std::optional<Timestamp> time_or_null(std::size_t column) const;

  template <class SomeId>
  SomeId id(std::size_t column) const {
    return SomeId{uuid(column)};
  }
  template <class SomeId>
  std::optional<SomeId> id_or_null(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(SomeId{uuid(column)});
  }

 private:
  template <class T>
  const T& cell(std::size_t column, std::string_view wanted) const;
  Uuid uuid(std::size_t column) const;

  const Value* cells_;
  std::size_t columns_;
};

// The answer of a read. Rows taken from it are views: it must outlive them.
class Rows final {
 public:
  class Iterator;

  Rows() = default;
  Rows(std::size_t columns, std::vector<Value> cells) : columns_(columns), cells_(std::move(cells)) {}

  std::size_t size() const { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  bool empty() const { return cells_.empty(); }
  Row operator[](std::size_t row) const { return Row(cells_.data() + row * columns_, columns_); }
  Iterator begin() const;
  Iterator end() const;

 private:
  std::size_t columns_ = 0;
  std::vector<Value> cells_;
};

class Rows::Iterator final {
 public:
  Iterator(const Rows& rows, std::size_t row) : rows_(&rows), row_(row) {}
  Row operator*() const { return (*rows_)[row_]; }
  Iterator& operator++() {
    ++row_;
    return *this;
  }
  bool operator==(const Iterator& other) const { return row_ == other.row_; }

 private:
  const Rows* rows_;
  std::size_t row_;
};

inline Rows::Iterator Rows::begin() const {
  return {*this, 0};
}
inline Rows::Iterator Rows::end() const {
  return {*this, size()};
}

}  // namespace poly::store
