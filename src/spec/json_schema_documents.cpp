#include "spec/json_schema_documents.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

namespace poly::spec::json_schema {
namespace {

// What a document without $id is relative to; never shown to the resolver.
constexpr std::string_view anonymous_base = "schema:/";

// One schema or a list of them.
constexpr std::array<std::string_view, 16> keywords_with_schemas{"additionalItems",
                                                                 "additionalProperties",
                                                                 "allOf",
                                                                 "anyOf",
                                                                 "contains",
                                                                 "contentSchema",
                                                                 "else",
                                                                 "if",
                                                                 "items",
                                                                 "not",
                                                                 "oneOf",
                                                                 "prefixItems",
                                                                 "propertyNames",
                                                                 "then",
                                                                 "unevaluatedItems",
                                                                 "unevaluatedProperties"};
constexpr std::array<std::string_view, 6> keywords_with_named_schemas{
    "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"};

Error not_a_uri(std::string_view text) {
  return {ErrorKind::bad_request, "'" + std::string(text) + "' is not an address (RFC 3986)", {}, {}};
}

// `reference` made absolute; the fragment is still on it.
Result<boost::urls::url> resolved(const std::string& base, std::string_view reference) {
  const auto base_view = boost::urls::parse_uri_reference(base);
  const auto reference_view = boost::urls::parse_uri_reference(reference);
  if (!base_view || !reference_view) return std::unexpected(not_a_uri(reference));
  boost::urls::url out;
  if (!boost::urls::resolve(*base_view, *reference_view, out)) return std::unexpected(not_a_uri(reference));
  return out;
}

std::string without_fragment(boost::urls::url uri) {
  uri.remove_fragment();
  return std::string(uri.buffer());
}

std::string pointer_token(std::string_view escaped) {
  std::string out;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    const bool has_code = escaped[i] == '~' && i + 1 < escaped.size();
    if (!has_code) {
      out.push_back(escaped[i]);
      continue;
    }
    out.push_back(escaped[++i] == '1' ? '/' : '~');
  }
  return out;
}

const Json* child(const Json& parent, const std::string& token) {
  if (const auto* array = parent.if_array()) {
    std::size_t index = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), index);
    const bool is_index = read.ec == std::errc() && read.ptr == token.data() + token.size();
    return is_index && index < array->size() ? &(*array)[index] : nullptr;
  }
  return find(parent, token);
}

std::string_view text_at(const Json& schema, std::string_view key) {
  const auto* object = schema.if_object();
  return object ? text_of(*object, key) : std::string_view();
}

}  // namespace

Result<Location> Documents::add(Json schema) {
  return add_at(std::move(schema), std::string(anonymous_base));
}

Result<Location> Documents::add_at(Json schema, std::string uri) {
  const Json& root = documents_.emplace_back(std::move(schema));
  const auto id = static_cast<ResourceId>(resources_.size());
  Resource& resource = resources_.emplace_back();
  resource.uri = uri;
  resource.root = &root;
  adopt_dialect(resource, text_at(root, "$schema"));
  by_uri_.emplace(std::move(uri), id);
  if (auto error = walk(root, id, 0)) return std::unexpected(std::move(*error));
  return Location{&root, resource_of(root, id)};
}

void Documents::adopt_dialect(Resource& resource, std::string_view dialect) {
  if (dialect.empty()) return;
  resource.plain_id = dialect.find("draft-04") != std::string_view::npos;
  resource.ref_hides_neighbours = resource.plain_id || dialect.find("draft-06") != std::string_view::npos ||
                                  dialect.find("draft-07") != std::string_view::npos;
}

std::optional<Error> Documents::walk(const Json& schema, ResourceId resource, std::size_t depth) {
  if (depth > json_depth_max) {
    return Error{ErrorKind::bad_request, "is nested deeper than " + std::to_string(json_depth_max), {}, {}};
  }
  if (schema.is_bool()) {
    resource_by_schema_.emplace(&schema, resource);
    return std::nullopt;
  }
  const auto* object = schema.if_object();
  if (!object) return std::nullopt;
  auto own = enter(schema, resource);
  if (!own) return std::move(own).error();
  resource_by_schema_.emplace(&schema, *own);
  note_anchors(schema, *own);
  return walk_children(*object, *own, depth);
}

std::optional<Error> Documents::walk_children(const JsonObject& schema, ResourceId resource,
                                              std::size_t depth) {
  for (const auto keyword : keywords_with_schemas) {
    const auto* value = schema.if_contains(keyword);
    if (!value) continue;
    const auto* list = value->if_array();
    if (!list) {
      if (auto error = walk(*value, resource, depth + 1)) return error;
      continue;
    }
    for (const auto& item : *list) {
      if (auto error = walk(item, resource, depth + 1)) return error;
    }
  }
  for (const auto keyword : keywords_with_named_schemas) {
    const auto* value = schema.if_contains(keyword);
    const auto* named = value ? value->if_object() : nullptr;
    if (!named) continue;
    for (const auto& [name, item] : *named) {
      if (auto error = walk(item, resource, depth + 1)) return error;
    }
  }
  return std::nullopt;
}

// The resource that `schema` starts with its $id, or the one that it lies in.
Result<ResourceId> Documents::enter(const Json& schema, ResourceId resource) {
  const auto id = text_at(schema, resources_[resource].plain_id ? "id" : "$id");
  const bool hidden = resources_[resource].ref_hides_neighbours && find(schema, "$ref");
  if (id.empty() || id.starts_with('#') || hidden) return resource;
  const auto uri = resolved(resources_[resource].uri, id);
  if (!uri) return std::unexpected(uri.error());
  const auto own = static_cast<ResourceId>(resources_.size());
  Resource fresh;
  fresh.uri = without_fragment(*uri);
  fresh.root = &schema;
  fresh.ref_hides_neighbours = resources_[resource].ref_hides_neighbours;
  fresh.plain_id = resources_[resource].plain_id;
  adopt_dialect(fresh, text_at(schema, "$schema"));
  by_uri_.emplace(fresh.uri, own);
  resources_.push_back(std::move(fresh));
  return own;
}

void Documents::note_anchors(const Json& schema, ResourceId resource) {
  Resource& owner = resources_[resource];
  const auto anchor = text_at(schema, "$anchor");
  if (!anchor.empty()) owner.anchors.emplace(anchor, &schema);
  const auto dynamic_anchor = text_at(schema, "$dynamicAnchor");
  if (!dynamic_anchor.empty()) {
    owner.anchors.emplace(dynamic_anchor, &schema);
    owner.dynamic_anchors.emplace(dynamic_anchor, &schema);
  }
  // Before 2019-09 an anchor was an $id that is only a fragment.
  const auto id = text_at(schema, owner.plain_id ? "id" : "$id");
  const auto hash = id.find('#');
  if (hash != std::string_view::npos && hash + 1 < id.size())
    owner.anchors.emplace(id.substr(hash + 1), &schema);
}

ResourceId Documents::resource_of(const Json& schema, ResourceId inherited) const {
  const auto known = resource_by_schema_.find(&schema);
  return known == resource_by_schema_.end() ? inherited : known->second;
}

Result<Target> Documents::resolve(ResourceId from, std::string_view reference) {
  const auto uri = resolved(resources_[from].uri, reference);
  if (!uri) return std::unexpected(uri.error());
  const auto resource = resource_at(without_fragment(*uri));
  if (!resource) return std::unexpected(resource.error());

  const std::string fragment = uri->fragment();
  if (fragment.empty() || fragment.starts_with('/')) {
    auto location = follow_pointer(*resource, fragment);
    if (!location) return std::unexpected(std::move(location).error());
    return Target{*location, {}};
  }
  const Resource& owner = resources_[*resource];
  const auto anchor = owner.anchors.find(fragment);
  if (anchor == owner.anchors.end()) {
    return fail(ErrorKind::not_found, "no schema has the anchor '" + fragment + "'");
  }
  const bool is_dynamic = owner.dynamic_anchors.contains(fragment);
  return Target{{anchor->second, resource_of(*anchor->second, *resource)},
                is_dynamic ? fragment : std::string()};
}

Result<ResourceId> Documents::resource_at(const std::string& uri) {
  if (const auto known = by_uri_.find(uri); known != by_uri_.end()) {
    return resource_of(*resources_[known->second].root, known->second);
  }
  std::string_view asked = uri;
  if (asked.starts_with(anonymous_base)) asked.remove_prefix(anonymous_base.size());
  auto document = resolver_ && resolver_->by_uri ? resolver_->by_uri(asked) : std::nullopt;
  if (!document) return fail(ErrorKind::not_found, "no schema is known at '" + std::string(asked) + "'");
  auto added = add_at(std::move(*document), uri);
  if (!added) return std::unexpected(std::move(added).error());
  return added->resource;
}

Result<Target> Documents::resolve_poly_path(std::string_view path, std::string_view public_namespace) {
  std::string name(public_namespace);
  if (!name.empty()) name += '/';
  name += path;
  if (const auto known = by_poly_path_.find(name); known != by_poly_path_.end()) {
    return Target{{resources_[known->second].root, known->second}, {}};
  }
  auto document =
      resolver_ && resolver_->by_poly_path ? resolver_->by_poly_path(path, public_namespace) : std::nullopt;
  if (!document) return fail(ErrorKind::not_found, "there is no schema '" + name + "'");
  auto added = add_at(std::move(*document), "x-poly-ref:/" + std::to_string(documents_.size()));
  if (!added) return std::unexpected(std::move(added).error());
  by_poly_path_.emplace(std::move(name), added->resource);
  return Target{*added, {}};
}

Result<Location> Documents::follow_pointer(ResourceId resource, std::string_view pointer) {
  const Json* at = resources_[resource].root;
  const std::string_view whole = pointer;
  while (!pointer.empty()) {
    const auto end = std::min(pointer.find('/', 1), pointer.size());
    at = child(*at, pointer_token(pointer.substr(1, end - 1)));
    if (!at) return fail(ErrorKind::not_found, "nothing lies at '#" + std::string(whole) + "'");
    resource = resource_of(*at, resource);
    pointer.remove_prefix(end);
  }
  if (!resource_by_schema_.contains(at)) {
    if (auto error = walk(*at, resource, 0)) return std::unexpected(std::move(*error));
    resource = resource_of(*at, resource);
  }
  return Location{at, resource};
}

std::vector<Location> Documents::dynamic_anchors_named(const std::string& name) const {
  std::vector<Location> out;
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    const auto anchor = resources_[i].dynamic_anchors.find(name);
    if (anchor != resources_[i].dynamic_anchors.end()) {
      out.push_back({anchor->second, static_cast<ResourceId>(i)});
    }
  }
  return out;
}

}  // namespace poly::spec::json_schema
