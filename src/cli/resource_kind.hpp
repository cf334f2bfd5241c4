// The kinds of things that a catalog holds, as the command line sees them: their word, where the API lists
// them, and what a table shows of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/api.hpp"
#include "cli/table.hpp"

namespace poly::cli {

struct Column {
  std::string title;
  std::string member;  // of an item of the list; dots lead into objects
};

struct ResourceKind {
  std::string word;        // `webhook`: on the command line and in messages
  std::string collection;  // `/webhooks`
  std::vector<Column> columns;
};

// The path of an item (`context.name`), or its name when it has no context.
std::string path_of(const Json& item);
// A member as text for people: strings as they are, nothing for what is missing.
std::string shown_member(const Json& item, std::string_view member);
Table table_of(const ResourceKind& kind, const JsonArray& items);

// An id stays as it is; a path (or the name of a thing without context) is looked up in the list. Throws
// Failure{not_found}, or {conflict} when several things have that name.
std::string find_id(const Api& api, const ResourceKind& kind, std::string_view id_or_path);

// One thing of the kind.
std::string item_path(const ResourceKind& kind, std::string_view id);

}  // namespace poly::cli
