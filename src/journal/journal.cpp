#include "journal/journal.hpp"

#include <algorithm>
#include <cmath>

namespace poly::journal {

namespace {

using store::packed;
using store::Row;
using store::Rows;
using store::Statement;
using store::statement;

constexpr std::string_view insert_execution =
    "INSERT INTO executions (id, environment_id, kind, resource_id, path, parent_id, api_key_id, started_at, "
    "duration_us, status, http_status, error, cold, revision, queue_us, run_us, upstream_us) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

#define EXECUTION_COLUMNS                                                                                \
  "SELECT id, environment_id, kind, resource_id, path, parent_id, api_key_id, started_at, duration_us, " \
  "status, http_status, error, cold, revision, queue_us, run_us, upstream_us FROM executions "           \
  "WHERE environment_id = $1 "
constexpr std::string_view select_execution = EXECUTION_COLUMNS "AND id = $2";
#define EXECUTION_FILTER "AND ($2 IS NULL OR started_at >= $2) AND ($3 IS NULL OR status = $3) "
#define NEWEST_FIRST "ORDER BY started_at DESC, id DESC LIMIT $4"
// Four texts, so that each runs along an index of its own.
constexpr std::string_view list_all = EXECUTION_COLUMNS EXECUTION_FILTER NEWEST_FIRST;
constexpr std::string_view list_of_resource =
    EXECUTION_COLUMNS EXECUTION_FILTER "AND resource_id = $5 " NEWEST_FIRST;
constexpr std::string_view list_of_parent =
    EXECUTION_COLUMNS EXECUTION_FILTER "AND parent_id = $5 " NEWEST_FIRST;
constexpr std::string_view list_of_both =
    EXECUTION_COLUMNS EXECUTION_FILTER "AND parent_id = $5 AND resource_id = $6 " NEWEST_FIRST;
#undef EXECUTION_COLUMNS
#undef EXECUTION_FILTER
#undef NEWEST_FIRST

constexpr std::string_view insert_line =
    "INSERT INTO execution_logs (execution_id, resource_id, revision, at, level, text) "
    "VALUES ($1, $2, $3, $4, $5, $6)";

#define LINE_COLUMNS "SELECT execution_id, resource_id, revision, at, level, text FROM execution_logs WHERE "
#define LINE_FILTER "($1 IS NULL OR at >= $1) AND ($2 IS NULL OR lower(text) LIKE lower($2) ESCAPE '\\') "
#define NEWEST_LINES_FIRST "ORDER BY at DESC, sequence DESC LIMIT $3"
constexpr std::string_view lines_of_resource =
    LINE_COLUMNS LINE_FILTER "AND resource_id = $4 " NEWEST_LINES_FIRST;
constexpr std::string_view lines_of_execution =
    LINE_COLUMNS LINE_FILTER "AND execution_id = $4 " NEWEST_LINES_FIRST;
constexpr std::string_view lines_of_both =
    LINE_COLUMNS LINE_FILTER "AND execution_id = $4 AND resource_id = $5 " NEWEST_LINES_FIRST;
#undef LINE_COLUMNS
#undef LINE_FILTER
#undef NEWEST_LINES_FIRST

constexpr std::string_view delete_lines_of_resource = "DELETE FROM execution_logs WHERE resource_id = $1";

constexpr std::string_view oldest_execution = "SELECT 1 FROM executions WHERE started_at < $1 LIMIT 1";
constexpr std::string_view delete_old_executions =
    "DELETE FROM executions WHERE id IN (SELECT id FROM executions WHERE started_at < $1 LIMIT $2)";
constexpr std::string_view oldest_line = "SELECT 1 FROM execution_logs WHERE at < $1 LIMIT 1";
constexpr std::string_view delete_old_lines =
    "DELETE FROM execution_logs WHERE sequence IN (SELECT sequence FROM execution_logs WHERE at < $1 LIMIT "
    "$2)";
constexpr std::int64_t swept_at_once = 2'000;

// Cuts before the character that would pass the limit, not through it, and says that it did.
void cut(std::string& text, std::size_t bytes_max) {
  constexpr std::string_view mark = " … (cut)";
  if (text.size() <= bytes_max) return;
  auto end = bytes_max - mark.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  text.append(mark);
}

std::optional<std::int64_t> wide(const std::optional<int>& number) {
  return number ? std::optional<std::int64_t>(*number) : std::nullopt;
}

std::optional<int> narrow(std::optional<std::int64_t> number) {
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

template <WordEnum Enum>
Enum stored_word(const std::string& word) {
  const auto value = enum_of<Enum>(word);
  if (!value)
    throw Failure(ErrorKind::internal, "the journal has a row with the unknown word '" + word + "'");
  return *value;
}

std::optional<double> milliseconds(std::optional<std::int64_t> microseconds) {
  if (!microseconds) return std::nullopt;
  return static_cast<double>(*microseconds) / 1'000;
}
std::optional<std::int64_t> microseconds(std::optional<double> milliseconds) {
  if (!milliseconds) return std::nullopt;
  return std::llround(*milliseconds * 1'000);
}

ExecutionRecord record_of(const Row& row) {
  return {.id = row.id<ExecutionId>(0),
          .environment = row.id<EnvironmentId>(1),
          .kind = stored_word<spec::Kind>(row.text(2)),
          .resource = row.id_or_null<ResourceId>(3),
          .path = row.text(4),
          .parent = row.id_or_null<ExecutionId>(5),
          .caller = row.id_or_null<ApiKeyId>(6),
          .started_at = row.time(7),
          .duration_ms = static_cast<double>(row.integer(8)) / 1'000,
          .status = stored_word<ExecutionStatus>(row.text(9)),
          .http_status = narrow(row.integer_or_null(10)),
          .error = row.text_or_null(11),
          .cold = row.integer(12) != 0,
          .revision = narrow(row.integer_or_null(13)),
          .queue_ms = milliseconds(row.integer_or_null(14)),
          .run_ms = milliseconds(row.integer_or_null(15)),
          .upstream_ms = milliseconds(row.integer_or_null(16))};
}

LogLine line_of(const Row& row) {
  return {.execution = row.id_or_null<ExecutionId>(0),
          .resource = row.id<ResourceId>(1),
          .revision = narrow(row.integer_or_null(2)),
          .at = row.time(3),
          .level = stored_word<LogLevel>(row.text(4)),
          .text = row.text(5)};
}

std::int64_t bounded(std::size_t limit) {
  return static_cast<std::int64_t>(std::min(limit, listed_max));
}

Statement select_of(const ExecutionFilter& filter) {
  std::optional<std::string> status;
  if (filter.status) status = word_of(*filter.status);
  auto select = statement(list_all, packed(filter.environment), filter.since, status, bounded(filter.limit));
  if (filter.parent) select.parameters.push_back(packed(*filter.parent));
  if (filter.resource) select.parameters.push_back(packed(*filter.resource));
  if (filter.parent && filter.resource) {
    select.sql = list_of_both;
  } else if (filter.parent) {
    select.sql = list_of_parent;
  } else if (filter.resource) {
    select.sql = list_of_resource;
  }
  return select;
}

// `%keyword%`, with the signs that LIKE reads as patterns taken as they are.
std::optional<std::string> pattern_of(std::string_view keyword) {
  if (keyword.empty()) return std::nullopt;
  std::string pattern = "%";
  for (const char sign : keyword) {
    if (sign == '%' || sign == '_' || sign == '\\') pattern.push_back('\\');
    pattern.push_back(sign);
  }
  return pattern + "%";
}

Statement select_of(const LogFilter& filter) {
  CHECK(filter.resource || filter.execution);
  auto select = statement(lines_of_resource, filter.since, pattern_of(filter.keyword), bounded(filter.limit));
  if (filter.execution) select.parameters.push_back(packed(*filter.execution));
  if (filter.resource) select.parameters.push_back(packed(*filter.resource));
  if (filter.execution) select.sql = filter.resource ? lines_of_both : lines_of_execution;
  return select;
}

Task<void> delete_while_there_are(store::Store& store, Statement any, Statement delete_some) {
  while (true) {
    const auto left = co_await store.read(any);
    if (left.empty()) co_return;
    std::vector<Statement> batch{delete_some};
    co_await store.write(std::move(batch));
  }
}

}  // namespace

void Journal::record(ExecutionRecord record) noexcept {
  if (record.error) cut(*record.error, error_bytes_max);
  std::vector<Statement> batch;
  batch.push_back(statement(
      insert_execution, packed(record.id), packed(record.environment), word_of(record.kind),
      packed(record.resource), std::move(record.path), packed(record.parent), packed(record.caller),
      record.started_at, microseconds(record.duration_ms), word_of(record.status), wide(record.http_status),
      std::move(record.error), std::int64_t{record.cold}, wide(record.revision),
      microseconds(record.queue_ms), microseconds(record.run_ms), microseconds(record.upstream_ms)));
  store_.write_later(std::move(batch));
}

void Journal::log(LogLine line) noexcept {
  cut(line.text, line_bytes_max);
  live_.publish(line);
  std::vector<Statement> batch;
  batch.push_back(statement(insert_line, packed(line.execution), packed(line.resource), wide(line.revision),
                            line.at, word_of(line.level), std::move(line.text)));
  store_.write_later(std::move(batch));
}

Task<std::vector<ExecutionRecord>> Journal::list(ExecutionFilter filter) {
  auto select = select_of(filter);
  co_await store_.flush();
  const auto rows = co_await store_.read(std::move(select));
  std::vector<ExecutionRecord> records;
  records.reserve(rows.size());
  for (const auto row : rows) records.push_back(record_of(row));
  co_return records;
}

Task<ExecutionRecord> Journal::get(EnvironmentId environment, ExecutionId id) {
  auto select = statement(select_execution, packed(environment), packed(id));
  co_await store_.flush();
  const auto rows = co_await store_.read(std::move(select));
  if (rows.empty()) throw Failure(ErrorKind::not_found, "there is no execution " + id.text());
  co_return record_of(rows[0]);
}

Task<std::vector<LogLine>> Journal::logs(LogFilter filter) {
  auto select = select_of(filter);
  co_await store_.flush();
  const auto rows = co_await store_.read(std::move(select));
  std::vector<LogLine> lines;
  lines.reserve(rows.size());
  for (const auto row : rows) lines.push_back(line_of(row));
  std::ranges::reverse(lines);
  co_return lines;
}

Task<void> Journal::delete_logs(ResourceId resource) {
  std::vector<Statement> batch{statement(delete_lines_of_resource, packed(resource))};
  co_await store_.write(std::move(batch));
}

Task<void> Journal::sweep() {
  const Timestamp oldest_kept = clock_.now() - retention;
  auto executions = delete_while_there_are(store_, statement(oldest_execution, oldest_kept),
                                           statement(delete_old_executions, oldest_kept, swept_at_once));
  co_await std::move(executions);
  auto lines = delete_while_there_are(store_, statement(oldest_line, oldest_kept),
                                      statement(delete_old_lines, oldest_kept, swept_at_once));
  co_await std::move(lines);
}

}  // namespace poly::journal
