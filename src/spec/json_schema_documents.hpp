// The schema documents of one compilation: which subschema has which address ($id, $anchor, JSON Pointer),
// and where a reference leads. Documents that the first one refers to are fetched from the resolver when they
// are needed.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "spec/json_schema.hpp"
#include "spec/json_schema_program.hpp"

namespace poly::spec::json_schema {

// Where a subschema lies, and the resource whose address its references are relative to.
struct Location {
  const Json* schema = nullptr;
  ResourceId resource = 0;
};

struct Target {
  Location location;
  std::string dynamic_anchor;  // the reference's name when it names a $dynamicAnchor, else ""
};

class Documents final {
 public:
  explicit Documents(const SchemaResolver* resolver) : resolver_(resolver) {}
  Documents(const Documents&) = delete;
  Documents& operator=(const Documents&) = delete;

  Result<Location> add(Json schema);

  // not_found when no document has that address or the document lacks the place; the message says which.
  Result<Target> resolve(ResourceId from, std::string_view reference);
  Result<Target> resolve_poly_path(std::string_view path, std::string_view public_namespace);

  // In draft-07 and before, a $ref is alone: its neighbours do not count.
  bool ref_hides_neighbours(ResourceId resource) const { return resources_[resource].ref_hides_neighbours; }

  std::vector<Location> dynamic_anchors_named(const std::string& name) const;

  // The resource of a subschema that was found before; `inherited` when its place is no usual one for
  // schemas.
  ResourceId resource_of(const Json& schema, ResourceId inherited) const;

 private:
  struct Resource {
    std::string uri;
    const Json* root = nullptr;
    std::map<std::string, const Json*, std::less<>> anchors;
    std::map<std::string, const Json*, std::less<>> dynamic_anchors;
    bool ref_hides_neighbours = false;
    bool plain_id = false;  // draft-04 says `id`
  };

  Result<Location> add_at(Json schema, std::string uri);
  std::optional<Error> walk(const Json& schema, ResourceId resource, std::size_t depth);
  std::optional<Error> walk_children(const JsonObject& schema, ResourceId resource, std::size_t depth);
  Result<ResourceId> enter(const Json& schema, ResourceId resource);
  void adopt_dialect(Resource& resource, std::string_view dialect);
  void note_anchors(const Json& schema, ResourceId resource);
  Result<ResourceId> resource_at(const std::string& uri);
  Result<Location> follow_pointer(ResourceId resource, std::string_view pointer);

  const SchemaResolver* resolver_;
  std::deque<Json> documents_;  // stable addresses
  std::vector<Resource> resources_;
  std::unordered_map<std::string, ResourceId> by_uri_;
  std::unordered_map<std::string, ResourceId> by_poly_path_;
  std::unordered_map<const Json*, ResourceId> resource_by_schema_;
};

}  // namespace poly::spec::json_schema
