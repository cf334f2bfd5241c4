// What is different between two JSON Schemas of the same thing, in words, and whether it can break those who
// use it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/codec.hpp"
#include "base/json.hpp"

namespace poly::spec {

// One difference. It breaks when code that was right before may be wrong now.
struct SchemaChange {
  std::string what;  // `result.items[].id: now string, was integer`
  bool breaking = false;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("what", self.what);
    field.optional("breaking", self.breaking);
  }
  bool operator==(const SchemaChange&) const = default;
};

// Which way values travel: callers write what a function takes, and read what it gives.
enum class Direction { taken, given };

inline constexpr std::size_t schema_changes_max = 20;

// Properties that came, went, became required or optional, and kinds that changed, through `properties`,
// `items` and `additionalProperties`, down to schema_changes_max lines. Whatever else differs is one line
// that says so. `root` is how the value is called ("result").
std::vector<SchemaChange> schema_changes(const Json& before, const Json& after, Direction direction,
                                         std::string_view root);

}  // namespace poly::spec
