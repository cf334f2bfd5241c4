// The array of GET /specs as entries that an SDK can offer, checked and in a fixed order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace poly::sdk {

enum class EntryKind { api_function, server_function, client_function, webhook, variable, schema };

// One entry. Everything in it points into the specs that it was read from.
struct Entry {
  EntryKind kind = EntryKind::api_function;
  std::string path;                   // dotted: context and name
  std::vector<std::string> segments;  // of the path, at least one
  std::string_view id;
  std::string_view description;
  std::string_view foreign_namespace;  // whose it is when it is not this environment's own
  bool deprecated = false;
  const JsonObject* json = nullptr;  // the whole entry

  const JsonObject* object(std::string_view key) const;  // member `key` when it is an object
};

// Sorted by path; where two entries of one tree share a path, the environment's own comes first and the
// others are left out. Types that no SDK file is made of are skipped.
Result<std::vector<Entry>> read_entries(const Json& specs);

}  // namespace poly::sdk
