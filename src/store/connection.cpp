#include "store/connection.hpp"

#include <charconv>
#include <functional>
#include <unordered_map>

#include <sqlite3.h>

namespace poly::store {

namespace {

constexpr int busy_timeout_milliseconds = 5'000;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Compiled = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

ErrorKind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
      return ErrorKind::conflict;
    case SQLITE_TOOBIG:
      return ErrorKind::too_large;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
      return ErrorKind::unavailable;
    default:
      return ErrorKind::internal;
  }
}

std::string_view advice_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; the file is damaged or no database: put back a copy, or choose another data folder";
    case SQLITE_FULL:
      return "; free some space on the disk, or raise the limit of the database's size";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return "; check who owns the data folder and its mode";
    case SQLITE_IOERR:
      return "; check the disk";
    default:
      return "";
  }
}

std::unexpected<Error> sqlite_error(sqlite3* database, int code, std::string_view attempted) {
  std::string message(attempted);
  message.append(": ")
      .append(database ? sqlite3_errmsg(database) : sqlite3_errstr(code))
      .append(advice_of(code));
  return fail(kind_of(code), std::move(message));
}

// `uuid_bytes(text)`, for migrations: the 16 bytes of a UUID; NULL of NULL.
void uuid_bytes(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  if (!text) return sqlite3_result_null(context);
  const auto uuid = Uuid::parse({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
  if (!uuid) return sqlite3_result_error(context, "uuid_bytes: not the text of a UUID", -1);
  sqlite3_result_blob64(context, uuid->bytes.data(), uuid->bytes.size(), SQLITE_TRANSIENT);
}

struct TextHash : std::hash<std::string_view> {
  using is_transparent = void;
};

}  // namespace

// A compiled statement and where its `$n` stand: SQLite numbers them by first appearance.
class Connection::Prepared final {
 public:
  explicit Prepared(Compiled compiled) : compiled_(std::move(compiled)) {}

  sqlite3_stmt* get() const { return compiled_.get(); }
  bool find_parameters();
  int bind(const std::vector<Value>& parameters);
  std::size_t parameter_count() const { return positions_.size(); }

 private:
  int bind_one(int position, const Value& value);

  Compiled compiled_;
  std::vector<int> positions_;  // of $1, $2 …
};

class Connection::Parts final {
 public:
  explicit Parts(Database opened) : database(std::move(opened)) {}

  Result<Prepared*> prepare(const Statement& statement);

  Database database;
  std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> prepared;
};

bool Connection::Prepared::find_parameters() {
  const auto count = static_cast<std::size_t>(sqlite3_bind_parameter_count(compiled_.get()));
  positions_.assign(count, 0);
  for (std::size_t i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(compiled_.get(), static_cast<int>(i));
    if (!name || *name != '$') return false;
    const std::string_view digits(name + 1);
    std::size_t number = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (problem != std::errc() || end != digits.data() + digits.size() || number < 1 || number > count)
      return false;
    positions_[number - 1] = static_cast<int>(i);
  }
  return true;
}

int Connection::Prepared::bind(const std::vector<Value>& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (const int code = bind_one(positions_[i], parameters[i]); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

// Text and blobs are not copied: the statement outlives its run.
int Connection::Prepared::bind_one(int position, const Value& value) {
  auto* to = compiled_.get();
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(to, position, *integer);
  if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(to, position, *real);
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(to, position, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<Blob>(&value)) {
    if (blob->bytes.empty()) return sqlite3_bind_zeroblob(to, position, 0);
    return sqlite3_bind_blob64(to, position, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
  }
  if (const auto* uuid = std::get_if<Uuid>(&value)) {
    const auto text = uuid->text();
    return sqlite3_bind_text64(to, position, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  if (const auto* packed = std::get_if<PackedUuid>(&value)) {
    const auto& bytes = packed->uuid.bytes;
    return sqlite3_bind_blob64(to, position, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(to, position);
}

Result<Connection::Prepared*> Connection::Parts::prepare(const Statement& statement) {
  auto found = prepared.find(statement.sql);
  if (found == prepared.end()) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code =
        sqlite3_prepare_v3(database.get(), statement.sql.data(), static_cast<int>(statement.sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    Prepared made{Compiled(raw)};
    const auto where = "preparing '" + std::string(statement.sql) + "'";
    if (code != SQLITE_OK) return sqlite_error(database.get(), code, where);
    if (!raw || tail != statement.sql.data() + statement.sql.size()) {
      return fail(ErrorKind::internal, where + ": it must be exactly one statement");
    }
    if (!made.find_parameters()) return fail(ErrorKind::internal, where + ": parameters must be $1 to $n");
    if (prepared.size() >= prepared_max) prepared.clear();
    found = prepared.emplace(std::string(statement.sql), std::move(made)).first;
  }
  if (found->second.parameter_count() != statement.parameters.size()) {
    return fail(ErrorKind::internal, "running '" + std::string(statement.sql) + "': it takes " +
                                         std::to_string(found->second.parameter_count()) +
                                         " parameters, got " + std::to_string(statement.parameters.size()));
  }
  return &found->second;
}

namespace {

// Leaves a statement ready for its next run, and without pointers into parameters that go away.
class ResetWhenDone final {
 public:
  explicit ResetWhenDone(sqlite3_stmt* statement) : statement_(statement) {}
  ~ResetWhenDone() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  ResetWhenDone(const ResetWhenDone&) = delete;
  ResetWhenDone& operator=(const ResetWhenDone&) = delete;

 private:
  sqlite3_stmt* statement_;
};

Value value_at(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
      return Blob{{bytes, bytes + sqlite3_column_bytes(statement, column)}};
    }
    default:
      return std::monostate();
  }
}

std::string running(const Statement& statement) {
  return "running '" + std::string(statement.sql) + "'";
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Access access) {
  const int flags =
      access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  const auto where = "opening the database " + file.string();
  if (code != SQLITE_OK) return sqlite_error(raw, code, where);
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, busy_timeout_milliseconds);
  sqlite3_create_function(raw, "uuid_bytes", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, uuid_bytes,
                          nullptr, nullptr);
  std::unique_ptr<Connection> connection(new Connection(std::make_unique<Parts>(std::move(database))));
  const auto configured = connection->run_script(access == Access::write ? R"(
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864;)"
                                                                         : "PRAGMA query_only = ON;");
  if (!configured) return fail(configured.error().kind, where + ": " + configured.error().message);
  return connection;
}

Connection::Connection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Connection::~Connection() = default;

Result<std::int64_t> Connection::execute(const Statement& statement) {
  auto prepared = parts_->prepare(statement);
  if (!prepared) return std::unexpected(std::move(prepared).error());
  auto* const compiled = (*prepared)->get();
  const ResetWhenDone reset(compiled);
  int code = (*prepared)->bind(statement.parameters);
  const auto changed_before = sqlite3_total_changes64(parts_->database.get());
  if (code == SQLITE_OK) code = sqlite3_step(compiled);
  while (code == SQLITE_ROW) code = sqlite3_step(compiled);
  if (code != SQLITE_DONE) return sqlite_error(parts_->database.get(), code, running(statement));
  // sqlite3_changes() keeps the count of the last statement that changed anything, whatever ran since.
  const bool changed = sqlite3_total_changes64(parts_->database.get()) != changed_before;
  return changed ? sqlite3_changes64(parts_->database.get()) : 0;
}

Result<Rows> Connection::query(const Statement& statement) {
  auto prepared = parts_->prepare(statement);
  if (!prepared) return std::unexpected(std::move(prepared).error());
  auto* const compiled = (*prepared)->get();
  const ResetWhenDone reset(compiled);
  int code = (*prepared)->bind(statement.parameters);
  if (code != SQLITE_OK) return sqlite_error(parts_->database.get(), code, running(statement));
  const int columns = sqlite3_column_count(compiled);
  std::vector<Value> cells;
  while ((code = sqlite3_step(compiled)) == SQLITE_ROW) {
    for (int column = 0; column < columns; ++column) cells.push_back(value_at(compiled, column));
  }
  if (code != SQLITE_DONE) return sqlite_error(parts_->database.get(), code, running(statement));
  return Rows(static_cast<std::size_t>(columns), std::move(cells));
}

Result<void> Connection::run_script(std::string_view sql) {
  const int code = sqlite3_exec(parts_->database.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(parts_->database.get(), code, "running a script");
  return {};
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(parts_->database.get()) == 0;
}

}  // namespace poly::store
