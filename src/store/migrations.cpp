// Words that SQLite and PostgreSQL both read, but for two: PostgreSQL calls BLOB BYTEA, and wants GENERATED
// BY DEFAULT AS IDENTITY where SQLite numbers the rows of an INTEGER PRIMARY KEY by itself. Ids are UUIDs as
// text, in the journal as their 16 bytes; times are milliseconds since 1970, UTC; `detail` and `permissions`
// are JSON.
#include "store/migrations.hpp"

#include <array>

namespace poly::store {

namespace {

constexpr auto all_migrations = std::to_array<Migration>({
    {1, "who calls", R"(
CREATE TABLE tenants (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE environments (
  id TEXT PRIMARY KEY NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  subdomain TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  UNIQUE (tenant_id, name)
);
CREATE TABLE users (
  id TEXT PRIMARY KEY NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX users_by_tenant ON users (tenant_id);
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY NOT NULL,
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  permissions TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT
);
CREATE INDEX api_keys_by_environment ON api_keys (environment_id);
CREATE INDEX api_keys_by_user ON api_keys (user_id);
)"},
    // name_space groups the kinds that share names: functions and webhooks are all called by path.
    {2, "what exists", R"(
CREATE TABLE resources (
  id TEXT PRIMARY KEY NOT NULL,
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  name_space TEXT NOT NULL,
  context TEXT NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (environment_id, name_space, context, name)
);
)"},
    {3, "what is secret", R"(
CREATE TABLE vault_check (
  name TEXT PRIMARY KEY NOT NULL,
  sealed BLOB NOT NULL
);
CREATE TABLE vault_keys (
  environment_id TEXT PRIMARY KEY NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  sealed BLOB NOT NULL
);
CREATE TABLE variable_values (
  variable_id TEXT PRIMARY KEY NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
  sealed BLOB NOT NULL,
  updated_at BIGINT NOT NULL
);
)"},
    // No foreign keys: what happened stays known when the resource is gone.
    {4, "what happened", R"(
CREATE TABLE executions (
  id TEXT PRIMARY KEY NOT NULL,
  environment_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  resource_id TEXT,
  path TEXT NOT NULL,
  parent_id TEXT,
  api_key_id TEXT,
  started_at BIGINT NOT NULL,
  duration_us BIGINT NOT NULL,
  status TEXT NOT NULL,
  http_status INTEGER,
  error TEXT,
  cold INTEGER NOT NULL,
  revision INTEGER
);
CREATE INDEX executions_by_start ON executions (started_at);
CREATE INDEX executions_by_resource ON executions (resource_id, started_at);
CREATE INDEX executions_by_parent ON executions (parent_id) WHERE parent_id IS NOT NULL;
CREATE TABLE execution_logs (
  sequence INTEGER PRIMARY KEY NOT NULL,
  execution_id TEXT,
  resource_id TEXT NOT NULL,
  revision INTEGER,
  at BIGINT NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX execution_logs_by_execution ON execution_logs (execution_id);
CREATE INDEX execution_logs_by_resource ON execution_logs (resource_id, at);
CREATE INDEX execution_logs_by_time ON execution_logs (at);
)"},
    {5, "what is to be done", R"(
CREATE TABLE events (
  id TEXT PRIMARY KEY NOT NULL,
  environment_id TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source_id TEXT,
  trigger_id TEXT,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_error TEXT
);
CREATE INDEX events_by_state ON events (state, next_attempt_at);
CREATE TABLE job_runs (
  id TEXT PRIMARY KEY NOT NULL,
  job_id TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  duration_ms BIGINT,
  detail TEXT NOT NULL
);
CREATE INDEX job_runs_by_job ON job_runs (job_id, started_at);
)"},
    // Dead events are few and looked at by environment; an index of all would cost every event that comes in.
    {6, "what was given up", R"(
ALTER TABLE events ADD COLUMN function_id TEXT;
CREATE INDEX events_dead ON events (environment_id, next_attempt_at) WHERE state = 'dead';
)"},
    // What was due until then has been run or passed over, even when the runs that told of it are deleted.
    {7, "until when jobs are counted", R"(
CREATE TABLE job_counts (
  job_id TEXT PRIMARY KEY NOT NULL,
  counted_until BIGINT NOT NULL
);
CREATE INDEX job_runs_running ON job_runs (job_id) WHERE status = 'running';
)"},
    {8, "where the time went", R"(
ALTER TABLE executions ADD COLUMN queue_us BIGINT;
ALTER TABLE executions ADD COLUMN run_us BIGINT;
ALTER TABLE executions ADD COLUMN upstream_us BIGINT;
)"},
    // What a function can go back to. Lists read all but `detail`, which holds the code.
    {9, "what was deployed", R"(
CREATE TABLE function_revisions (
  function_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  hash TEXT NOT NULL,
  language TEXT NOT NULL,
  requirements TEXT NOT NULL,
  deployed_at BIGINT NOT NULL,
  deployed_by TEXT,
  note TEXT NOT NULL,
  percent INTEGER NOT NULL,
  served INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (function_id, number)
);
)"},
    // A layer is a folder of packages, named by its lock; a wish is what a function asked for.
    {10, "what is installed", R"(
CREATE TABLE package_locks (
  layer TEXT PRIMARY KEY NOT NULL,
  ecosystem TEXT NOT NULL,
  packages TEXT NOT NULL,
  identities TEXT NOT NULL,
  content TEXT NOT NULL,
  unused_since BIGINT
);
CREATE TABLE package_wishes (
  wish TEXT PRIMARY KEY NOT NULL,
  layer TEXT NOT NULL REFERENCES package_locks (layer) ON DELETE CASCADE
);
CREATE INDEX package_wishes_by_layer ON package_wishes (layer);
)"},
    // A row for each call: with ids as bytes, and in one tree with its key, it costs half of what it did.
    {11, "a smaller journal", R"(
CREATE TABLE packed_executions (
  id BLOB PRIMARY KEY NOT NULL,
  environment_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  resource_id BLOB,
  path TEXT NOT NULL,
  parent_id BLOB,
  api_key_id BLOB,
  started_at BIGINT NOT NULL,
  duration_us BIGINT NOT NULL,
  status TEXT NOT NULL,
  http_status INTEGER,
  error TEXT,
  cold INTEGER NOT NULL,
  revision INTEGER,
  queue_us BIGINT,
  run_us BIGINT,
  upstream_us BIGINT
) WITHOUT ROWID;
INSERT INTO packed_executions
  SELECT uuid_bytes(id), uuid_bytes(environment_id), kind, uuid_bytes(resource_id), path, uuid_bytes(parent_id),
    uuid_bytes(api_key_id), started_at, duration_us, status, http_status, error, cold, revision, queue_us,
    run_us, upstream_us FROM executions;
DROP TABLE executions;
ALTER TABLE packed_executions RENAME TO executions;
CREATE INDEX executions_by_start ON executions (started_at);
CREATE INDEX executions_by_resource ON executions (resource_id, started_at);
CREATE INDEX executions_by_parent ON executions (parent_id) WHERE parent_id IS NOT NULL;
CREATE TABLE packed_execution_logs (
  sequence INTEGER PRIMARY KEY NOT NULL,
  execution_id BLOB,
  resource_id BLOB NOT NULL,
  revision INTEGER,
  at BIGINT NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL
);
INSERT INTO packed_execution_logs
  SELECT sequence, uuid_bytes(execution_id), uuid_bytes(resource_id), revision, at, level, text
    FROM execution_logs;
DROP TABLE execution_logs;
ALTER TABLE packed_execution_logs RENAME TO execution_logs;
CREATE INDEX execution_logs_by_execution ON execution_logs (execution_id);
CREATE INDEX execution_logs_by_resource ON execution_logs (resource_id, at);
CREATE INDEX execution_logs_by_time ON execution_logs (at);
)"},
});

Result<std::int64_t> newest_in(Connection& connection) {
  if (auto made = connection.execute("CREATE TABLE IF NOT EXISTS schema_migrations "
                                     "(number INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL)");
      !made) {
    return made;
  }
  auto rows = connection.query(statement("SELECT coalesce(max(number), 0) FROM schema_migrations"));
  if (!rows) return std::unexpected(std::move(rows).error());
  return (*rows)[0].integer(0);
}

Result<void> apply(Connection& connection, const Migration& migration) {
  auto done = connection.run_script("BEGIN IMMEDIATE");
  if (done) done = connection.run_script(migration.sql);
  if (done) {
    auto noted = connection.execute(statement("INSERT INTO schema_migrations (number, name) VALUES ($1, $2)",
                                              std::int64_t{migration.number}, migration.name));
    if (!noted) done = std::unexpected(std::move(noted).error());
  }
  if (done) done = connection.run_script("COMMIT");
  if (done) return done;
  auto message = "migration " + std::to_string(migration.number) + " (" + std::string(migration.name) +
                 "): " + done.error().message;
  if (connection.in_transaction()) {
    if (auto undone = connection.run_script("ROLLBACK"); !undone)
      message += "; undoing it: " + undone.error().message;
  }
  return fail(done.error().kind, std::move(message));
}

}  // namespace

std::span<const Migration> migrations() {
  return all_migrations;
}

Result<void> migrate(Connection& connection, std::span<const Migration> all) {
  const auto newest = newest_in(connection);
  if (!newest) return std::unexpected(newest.error());
  if (*newest > std::ssize(all)) {
    return fail(ErrorKind::conflict, "its tables are at version " + std::to_string(*newest) +
                                         ", this program knows only up to " + std::to_string(all.size()) +
                                         ": start the newer program, or use another data folder");
  }
  for (const auto& migration : all.subspan(static_cast<std::size_t>(*newest))) {
    if (auto done = apply(connection, migration); !done) return done;
  }
  return {};
}

}  // namespace poly::store
