#include "catalog/revision_history.hpp"

#include <algorithm>

namespace poly::catalog {
namespace {

using spec::Revision;
using spec::ServerFunction;
using store::Statement;
using store::statement;

std::int64_t as_integer(auto number) {
  return static_cast<std::int64_t>(number);
}

// One that is there already keeps who deployed it, and when.
Statement save(const Resource& function, const Revision& revision, Timestamp deployed_at,
               const DeployNote& note) {
  return statement(
      "INSERT INTO function_revisions (function_id, number, hash, language, requirements, deployed_at, "
      "deployed_by, note, percent, served, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9) "
      "ON CONFLICT (function_id, number) DO UPDATE SET detail = excluded.detail",
      function.id, as_integer(revision.number), revision.code.hash, word_of(revision.code.language),
      encode_text(revision.code.requirements), deployed_at, note.deployed_by, note.text,
      encode_text(revision));
}

void append_traffic(std::vector<Statement>& batch, const Resource& function) {
  batch.push_back(statement("UPDATE function_revisions SET percent = 0 WHERE function_id = $1", function.id));
  for (const auto& share : function.as<ServerFunction>().shares()) {
    batch.push_back(
        statement("UPDATE function_revisions SET percent = $3, served = 1 "
                  "WHERE function_id = $1 AND number = $2",
                  function.id, as_integer(share.revision), as_integer(share.percent)));
  }
}

RevisionEntry entry_of(const Revision& revision, const Resource& function) {
  return {.number = revision.number,
          .hash = revision.code.hash,
          .language = revision.code.language,
          .requirements = revision.code.requirements,
          .deployed_at = function.updated_at,
          .deployed_by = {},
          .note = {},
          .served = function.as<ServerFunction>().percent_of(revision.number) > 0};
}

RevisionEntry entry_of(const store::Row& row) {
  RevisionEntry entry;
  entry.number = static_cast<int>(row.integer(0));
  entry.hash = row.text(1);
  const auto language = enum_of<spec::Language>(row.text(2));
  if (!language) {
    throw Failure(ErrorKind::internal, "the store has a revision in the unknown language " + row.text(2));
  }
  entry.language = *language;
  entry.requirements = value_or_throw(decode<std::vector<std::string>>(
      value_or_throw(parse_json(row.text(3), "function_revisions.requirements"))));
  entry.deployed_at = row.time(4);
  entry.deployed_by = row.id_or_null<ApiKeyId>(5);
  entry.note = row.text(6);
  entry.served = row.integer(7) != 0;
  return entry;
}

}  // namespace

void FilesInUse::add(const spec::Code& code) {
  if (code.layer) layers.insert(*code.layer);
  if (spec::runs_as_program(code.language)) programs.insert(code.runnable);
}

void append_history(std::vector<Statement>& batch, const Resource* before, const Resource& after,
                    const DeployNote& note, std::size_t revisions_kept) {
  const auto& now = after.as<ServerFunction>();
  const auto* then = before ? &before->as<ServerFunction>() : nullptr;
  const bool is_new = !then || then->current.number != now.current.number;
  // A store from before there was a history has the last revision in the catalog only.
  if (then && is_new) batch.push_back(save(*before, then->current, before->updated_at, {}));
  if (!then || then->current != now.current) {
    batch.push_back(save(after, now.current, after.updated_at, note));
  }
  if (!is_new && then->traffic == now.traffic) return;
  append_traffic(batch, after);
  batch.push_back(
      statement("DELETE FROM function_revisions WHERE function_id = $1 AND number <= $2 AND percent = 0",
                after.id, as_integer(now.current.number) - as_integer(revisions_kept)));
}

Task<std::vector<RevisionEntry>> RevisionHistory::list(ResourcePointer function) const {
  auto query = statement(
      "SELECT number, hash, language, requirements, deployed_at, deployed_by, note, served "
      "FROM function_revisions WHERE function_id = $1 ORDER BY number DESC",
      function->id);
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  std::vector<RevisionEntry> entries;
  for (const auto row : rows) entries.push_back(entry_of(row));
  const auto& current = function->as<ServerFunction>().current;
  if (entries.empty()) entries.push_back(entry_of(current, *function));
  co_return entries;
}

Task<FilesInUse> RevisionHistory::files() const {
  auto query = statement("SELECT detail FROM function_revisions WHERE requirements <> '[]' OR language = $1",
                         word_of(spec::Language::go));
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  FilesInUse files;
  for (const auto row : rows) {
    const auto detail = value_or_throw(parse_json(row.text(0), "function_revisions.detail"));
    files.add(value_or_throw(decode<Revision>(detail)).code);
  }
  co_return files;
}

Task<Revision> RevisionHistory::find(ResourcePointer function, int number) const {
  const auto& server_function = function->as<ServerFunction>();
  if (const auto* own = server_function.find_revision(number)) co_return *own;
  auto query = statement("SELECT detail FROM function_revisions WHERE function_id = $1 AND number = $2",
                         function->id, as_integer(number));
  auto reading = store_.read(std::move(query));
  const auto rows = co_await std::move(reading);
  if (rows.empty()) {
    const bool was_there = number >= 1 && number < server_function.current.number;
    throw Failure(ErrorKind::not_found, "'" + function->path() + "' has no revision " +
                                            std::to_string(number) +
                                            (was_there ? " any more: it is not kept" : ""));
  }
  const auto detail = value_or_throw(parse_json(rows[0].text(0), "function_revisions.detail"));
  co_return value_or_throw(decode<Revision>(detail));
}

}  // namespace poly::catalog
