#include "gateway/resource_routes.hpp"

#include "base/ascii_case.hpp"

namespace poly::gateway {
namespace {

using catalog::ResourcePointer;

bool has_context(spec::Kind kind) {
  return kind != spec::Kind::trigger && kind != spec::Kind::job;
}

}  // namespace

catalog::Viewpoint viewpoint_of(const Context& context) {
  return {context.identity->tenant.id, context.identity->environment.id};
}

void require_names(const spec::Head& head) {
  value_or_throw(spec::check_name(head.name));
  value_or_throw(spec::check_context(head.context));
}

ResourceRoutes::ResourceRoutes(catalog::Catalog& catalog, Executor control, ResourceDescription description)
    : catalog_(catalog), control_(control), description_(std::move(description)) {}

RouteHandler ResourceRoutes::told(RouteHandler change) const {
  auto* const progress = description_.progress;
  if (!progress) return change;
  return [progress, change = std::move(change)](Context context) {
    return ProgressStreams::wanted(context) ? progress->answer(std::move(context), change)
                                            : change(std::move(context));
  };
}

void ResourceRoutes::add_to(RouteTable& routes) {
  using Handler = Task<http::Response> (ResourceRoutes::*)(Context);
  const auto add = [&](http::Method method, std::string path, std::string operation, std::string summary,
                       Handler handler, int success) {
    const bool writes = method != http::Method::get;
    const bool has_body = writes && method != http::Method::delete_;
    const bool of_one = path.ends_with('}');
    const RouteHandler handle = [this, handler](Context context) {
      return (this->*handler)(std::move(context));
    };
    routes.add({.method = method,
                .path = std::move(path),
                .access = writes ? description_.write : description_.read,
                .operation = std::move(operation),
                .summary = std::move(summary),
                .handle = has_body ? told(handle) : handle,
                .handle_without_key = of_one ? description_.without_key : RouteHandler(),
                .body_bytes_max = description_.body_bytes_max,
                .request_schema = has_body ? description_.request_schema : Json(),
                .response_schema = {},
                .success_status = success});
  };
  const auto& noun = description_.noun;
  const auto name = std::string(spec::human_name(description_.kind));
  const auto one = description_.collection + "/{id}";
  add(http::Method::get, description_.collection, "list" + noun + "s",
      "Every " + name + " that the key can see", &ResourceRoutes::list, 200);
  add(http::Method::post, description_.collection, "create" + noun, "A new " + name, &ResourceRoutes::create,
      201);
  if (description_.has_put) {
    add(http::Method::put, description_.collection, "upsert" + noun,
        "Create or replace a " + name + " by context and name", &ResourceRoutes::upsert, 200);
  }
  add(http::Method::get, one, "get" + noun, "One " + name, &ResourceRoutes::get, 200);
  add(http::Method::patch, one, "update" + noun, "Change the given fields of a " + name,
      &ResourceRoutes::patch, 200);
  add(http::Method::delete_, one, "delete" + noun, "Delete a " + name, &ResourceRoutes::remove, 200);
}

ResourcePointer ResourceRoutes::find(const Context& context, std::string_view id_or_path) const {
  const auto& snapshot = *catalog_.here();
  const auto from = viewpoint_of(context);
  ResourcePointer found;
  if (const auto id = ResourceId::parse(id_or_path)) {
    found = snapshot.find(*id);
    if (found && !snapshot.visible(from, *found)) found = nullptr;
  } else {
    found = snapshot.find(from, catalog::name_space_of(description_.kind), id_or_path);
  }
  if (!found || found->kind() != description_.kind) {
    throw Failure(ErrorKind::not_found, "there is no " + std::string(spec::human_name(description_.kind)) +
                                            " '" + std::string(id_or_path) + "'");
  }
  return found;
}

ResourcePointer ResourceRoutes::find_own(const Context& context, std::string_view id_or_path) const {
  auto found = find(context, id_or_path);
  if (found->environment != context.identity->environment.id) {
    throw Failure(
        ErrorKind::forbidden,
        "'" + found->path() + "' belongs to another environment: it can be used from here, not changed");
  }
  return found;
}

JsonObject ResourceRoutes::basic(const catalog::Resource& resource) const {
  const auto& head = resource.head();
  JsonObject out{{"id", resource.id.text()}, {"name", head.name}};
  if (has_context(resource.kind())) {
    out["context"] = head.context;
    out["contextName"] = resource.path();
    out["description"] = head.description;
    out["visibility"] = word_of(head.visibility);
    out["state"] = word_of(head.state);
  }
  out["createdAt"] = to_iso(resource.created_at);
  out["updatedAt"] = to_iso(resource.updated_at);
  if (description_.add_basic) description_.add_basic(out, resource);
  return out;
}

JsonObject ResourceRoutes::detail(const catalog::Resource& resource) const {
  auto out = basic(resource);
  if (description_.add_detail) {
    description_.add_detail(out, resource);
  } else {
    auto fields = std::visit([](const auto& known) { return encode(known); }, resource.definition);
    for (auto& [key, member] : fields.get_object()) out[key] = std::move(member);
  }
  return out;
}

Task<http::Response> ResourceRoutes::list(Context context) {
  const auto snapshot = catalog_.here();
  const auto wanted = lower(context.query_value("search"));
  JsonArray items;
  for (const auto& resource : snapshot->list(viewpoint_of(context), description_.kind)) {
    const bool fits = wanted.empty() || lower(resource->path()).find(wanted) != std::string::npos ||
                      lower(resource->head().description).find(wanted) != std::string::npos;
    if (fits) items.emplace_back(basic(*resource));
  }
  co_return list_reply(context, std::move(items));
}

void ResourceRoutes::add_remarks(JsonObject& answer, const JsonObject& remarks) {
  for (const auto& [name, remark] : remarks) answer[name] = remark;
}

Task<catalog::Change> ResourceRoutes::put(Context context, bool replaces) {
  const auto owner = context.identity;
  auto decoding = description_.decode(std::move(context), nullptr);
  auto draft = co_await std::move(decoding);
  if (replaces) {
    auto upserting = catalog_.upsert(owner, std::move(draft));
    co_return co_await run_on(control_, std::move(upserting));
  }
  auto creating = catalog_.create(owner, std::move(draft));
  catalog::Change change;
  change.after = co_await run_on(control_, std::move(creating));
  co_return change;
}

JsonObject ResourceRoutes::changed(const catalog::Change& change) const {
  auto out = detail(*change.after);
  if (description_.add_change) description_.add_change(out, change);
  return out;
}

Task<http::Response> ResourceRoutes::create(Context context) {
  const auto remarks = context.remarks = std::make_shared<JsonObject>();
  auto putting = put(std::move(context), description_.post_replaces);
  const auto change = co_await std::move(putting);
  auto answer = changed(change);
  add_remarks(answer, *remarks);
  co_return json_reply(answer, 201);
}

Task<http::Response> ResourceRoutes::upsert(Context context) {
  auto putting = put(std::move(context), true);
  const auto change = co_await std::move(putting);
  co_return json_reply(changed(change));
}

Task<http::Response> ResourceRoutes::get(Context context) {
  const auto resource = find(context, context.parameters[0]);
  co_return json_reply(detail(*resource));
}

Task<http::Response> ResourceRoutes::patch(Context context) {
  const auto current = find_own(context, context.parameters[0]);
  const auto remarks = context.remarks = std::make_shared<JsonObject>();
  auto decoding = description_.decode(std::move(context), current);
  auto draft = co_await std::move(decoding);
  auto storing = catalog_.replace(current, std::move(draft));
  catalog::Change change{current, nullptr};
  change.after = co_await run_on(control_, std::move(storing));
  auto answer = changed(change);
  add_remarks(answer, *remarks);
  co_return json_reply(answer);
}

Task<http::Response> ResourceRoutes::remove(Context context) {
  const auto current = find_own(context, context.parameters[0]);
  if (description_.require_may_remove) description_.require_may_remove(context, *current);
  auto removing = catalog_.remove(current);
  co_await run_on(control_, std::move(removing));
  co_return empty_reply(200);
}

}  // namespace poly::gateway
