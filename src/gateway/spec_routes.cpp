#include "gateway/spec_routes.hpp"

#include "gateway/list_parameter.hpp"
#include "gateway/resource_routes.hpp"
#include "gateway/spec_entry.hpp"

namespace poly::gateway {
namespace {

// What the three lists of the query let through; an empty list lets everything through.
struct SpecFilter {
  std::vector<std::string> contexts, names, ids;

  bool passes(const catalog::Resource& resource) const {
    return passes_context(resource.head().context) && passes_list(names, resource.head().name) &&
           (ids.empty() || passes_list(ids, resource.id.text()));
  }

 private:
  static bool passes_list(const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
  }

  // A context stands for itself and all below it.
  bool passes_context(std::string_view context) const {
    if (contexts.empty()) return true;
    return std::ranges::any_of(contexts, [&](std::string_view wanted) {
      return context == wanted ||
             (context.starts_with(wanted) && context.substr(wanted.size()).starts_with('.'));
    });
  }
};

}  // namespace

void SpecRoutes::add_to(RouteTable& routes) {
  routes.add({.method = http::Method::get,
              .path = "/specs",
              .access = Access::needs(identity::Permission::library_generate),
              .operation = "getSpecs",
              .summary = "All functions, webhooks, variables, schemas and snippets that the key can see",
              .handle = [this](Context context) { return specs(std::move(context)); }});
}

Task<http::Response> SpecRoutes::specs(Context context) {
  const auto snapshot = catalog_.here();
  const auto from = viewpoint_of(context);
  const SpecFilter filter{list_parameter(context.query, "contexts"), list_parameter(context.query, "names"),
                          list_parameter(context.query, "ids")};
  const auto types = context.query_flag("noTypes") ? SpecTypes::without : SpecTypes::with;
  std::string out = "[";
  for (const auto& resource : snapshot->list(from, std::nullopt)) {
    if (!filter.passes(*resource)) continue;
    const auto before = out.size();
    if (before > 1) out.push_back(',');
    if (!append_spec_entry(out, *resource, from, types, vault_)) out.resize(before);
  }
  out.push_back(']');
  co_return json_text_reply(std::move(out));
}

}  // namespace poly::gateway
