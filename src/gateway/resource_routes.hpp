// Create, read, change and delete: the same six routes for every kind of resource, and one description for
// each.
#pragma once

#include <functional>
#include <string>

#include "catalog/catalog.hpp"
#include "gateway/progress_stream.hpp"
#include "gateway/reply.hpp"
#include "gateway/route_table.hpp"

namespace poly::gateway {

// What a kind of resource has of its own.
struct ResourceDescription {
  spec::Kind kind{};
  std::string collection;  // `/schemas`
  std::string noun;        // `Schema`: operations are `listSchemas`, `getSchema` …
  Access read = Access::any_key();
  Access write = Access::any_key();
  // POST replaces what stands under the same path, as PUT does.
  bool post_replaces = false;
  bool has_put = false;
  std::size_t body_bytes_max = body_bytes_default;
  Json request_schema;
  // Where changes take their time and tell how they go on (Context::tell); else null.
  ProgressStreams* progress = nullptr;

  // The new state from a request body. `current` is what is changed, or null for something new. Throws
  // bad_request.
  std::function<Task<catalog::Draft>(Context, catalog::ResourcePointer current)> decode;
  // More members of list items and of single answers; may be empty.
  std::function<void(JsonObject& basic, const catalog::Resource& resource)> add_basic;
  std::function<void(JsonObject& detail, const catalog::Resource& resource)> add_detail;
  // More members of the answer to a change, whose `after` is there; may be empty.
  std::function<void(JsonObject& detail, const catalog::Change& change)> add_change;
  // Throws when the caller may not delete this one although the route let it in; may be empty.
  std::function<void(const Context&, const catalog::Resource& resource)> require_may_remove;
  // Answers requests for one resource that come without a key; usually nothing.
  RouteHandler without_key;
};

class ResourceRoutes final {
 public:
  ResourceRoutes(catalog::Catalog& catalog, Executor control, ResourceDescription description);
  ResourceRoutes(const ResourceRoutes&) = delete;
  ResourceRoutes& operator=(const ResourceRoutes&) = delete;

  // The routes hold on to this object.
  void add_to(RouteTable& routes);

  // By id or dotted path, as the caller sees it; throws not_found.
  catalog::ResourcePointer find(const Context& context, std::string_view id_or_path) const;
  // The same in the caller's own environment, where it may be changed; throws forbidden when it is only
  // visible.
  catalog::ResourcePointer find_own(const Context& context, std::string_view id_or_path) const;

  JsonObject basic(const catalog::Resource& resource) const;
  JsonObject detail(const catalog::Resource& resource) const;

 private:
  // The same, as a stream for those who want to hear how it goes on.
  RouteHandler told(RouteHandler change) const;
  static void add_remarks(JsonObject& answer, const JsonObject& remarks);
  Task<http::Response> list(Context context);
  Task<http::Response> create(Context context);
  Task<http::Response> upsert(Context context);
  Task<http::Response> get(Context context);
  Task<http::Response> patch(Context context);
  Task<http::Response> remove(Context context);
  Task<catalog::Change> put(Context context, bool replaces);
  JsonObject changed(const catalog::Change& change) const;

  catalog::Catalog& catalog_;
  Executor control_;
  ResourceDescription description_;
};

catalog::Viewpoint viewpoint_of(const Context& context);

// Name and context as the catalog wants them. Throws bad_request naming the field.
void require_names(const spec::Head& head);

// What most kinds need of `decode`: the struct from the whole body, or over the current one.
template <class Definition>
Definition definition_from(const Context& context, const catalog::ResourcePointer& current) {
  const auto body = context.json();
  if (!body.is_object()) throw Failure(ErrorKind::bad_request, "$: expected object");
  auto definition = current ? value_or_throw(decode_over(current->as<Definition>(), body))
                            : value_or_throw(decode<Definition>(body));
  if constexpr (requires { definition.head; }) require_names(definition.head);
  return definition;
}

}  // namespace poly::gateway
