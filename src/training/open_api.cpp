#include "training/open_api.hpp"

#include <algorithm>
#include <map>

#include "base/ascii_case.hpp"
#include "training/check_api_function.hpp"
#include "training/document_text.hpp"
#include "training/operation.hpp"
#include "training/servers.hpp"
#include "training/webhook_operation.hpp"

namespace poly::training {
namespace {

class Training {
 public:
  Training(const OpenApiDocument& document, const OpenApiOptions& options)
      : document_(document), options_(options), schemas_(document, options.context) {
    result_.title = document.title();
  }

  SpecificationInput run() && {
    reserve_contexts();
    for_each_operation("paths", "", [this](const OperationPlace& place) { add_function(place); });
    for_each_operation("webhooks", "webhooks/", [this](const OperationPlace& place) { add_webhook(place); });
    result_.schemas = schemas_.take_definitions();
    result_.report = std::move(report_);
    return std::move(result_);
  }

 private:
  // A function called like a context beside it would hide that context in the SDKs.
  void reserve_contexts() {
    for (const auto& [path, item] : object_member(document_.root(), "paths")) {
      const auto* object = item.if_object();
      if (!object) continue;
      for (const auto& [key, operation] : *object) {
        if (!is_method(key) || !operation.is_object()) continue;
        const auto tag = tag_context_of(operation.get_object());
        if (!tag.empty()) names_in(options_.context).reserve(tag);
      }
    }
  }

  template <class Visit>
  void for_each_operation(std::string_view part, std::string_view report_prefix, Visit visit) {
    for (const auto& [path, item] : object_member(document_.root(), part)) {
      if (path.starts_with("x-")) continue;
      report_path_ = std::string(report_prefix) + std::string(path);
      const auto* path_item = path_item_from(item);
      if (!path_item) continue;
      for (const auto& [key, operation] : *path_item) {
        if (is_method(key)) visit_operation({key, path, path_item, operation.if_object()}, visit);
      }
    }
  }

  const JsonObject* path_item_from(const Json& item) {
    try {
      return &document_.object(item, "path item");
    } catch (const Failure& failure) {
      ++report_.operations;
      report_.refused.push_back({"*", report_path_, failure.error().message});
      return nullptr;
    }
  }

  // The edge: what goes wrong inside ends this operation, and only this one.
  template <class Visit>
  void visit_operation(const OperationPlace& place, Visit visit) {
    ++report_.operations;
    try {
      if (!place.operation) throw Failure(ErrorKind::bad_request, "the operation is not an object");
      visit(place);
      warn(place, schemas_.keep());
    } catch (const Failure& failure) {
      schemas_.forget();
      report_.refused.push_back({upper(place.method), report_path_, failure.error().message});
    }
  }

  void warn(const OperationPlace& place, std::vector<std::string> warnings) {
    for (auto& warning : warnings) {
      report_.warnings.push_back({upper(place.method), report_path_, std::move(warning)});
    }
  }

  void add_function(const OperationPlace& place) {
    auto draft = read_operation(document_, schemas_, options_, place);
    auto& head = draft.function.head;
    head.context = spec::join_path(options_.context, tag_context_of(*place.operation));
    value_or_throw(spec::check_context(head.context));
    head.name = name_of(place);
    const auto problems = check_api_function(draft.function);
    if (!problems.empty()) throw Failure(ErrorKind::bad_request, problems.front());
    head.name = names_in(head.context).claim(head.name);
    warn(place, std::move(draft.warnings));
    result_.functions.push_back(std::move(draft.function));
  }

  void add_webhook(const OperationPlace& place) {
    auto webhook = read_webhook(document_, schemas_, place);
    webhook.head.context = spec::join_path(options_.context, tag_context_of(*place.operation));
    value_or_throw(spec::check_context(webhook.head.context));
    webhook.head.name = names_in(webhook.head.context).claim(webhook_name_of(place));
    result_.webhooks.push_back(std::move(webhook));
  }

  NameClaims& names_in(const std::string& context) { return names_[context]; }

  const OpenApiDocument& document_;
  const OpenApiOptions& options_;
  SchemaBook schemas_;
  std::map<std::string, NameClaims> names_;  // by context
  SpecificationInput result_;
  TrainingReport report_;
  std::string report_path_;
};

std::size_t count_operations(const JsonObject& root) {
  std::size_t count = 0;
  for (const std::string_view part : {"paths", "webhooks"}) {
    for (const auto& [path, item] : object_member(root, part)) {
      const auto* object = item.if_object();
      if (!object) continue;
      count += static_cast<std::size_t>(
          std::ranges::count_if(*object, [](const auto& member) { return is_method(member.key()); }));
    }
  }
  return count;
}

// Every operation that has no server of its own would fail for the same reason: better said once.
Result<void> check_servers(const OpenApiDocument& document, const OpenApiOptions& options) {
  if (options.host_url || options.host_url_as_argument || object_member(document.root(), "paths").empty())
    return {};
  try {
    FunctionDraft draft;
    set_host(draft, server_url(array_member(document.root(), "servers"), options), options);
    return {};
  } catch (const Failure& failure) {
    return std::unexpected(failure.error());
  }
}

}  // namespace

Result<SpecificationInput> train_openapi(std::string_view document, const OpenApiOptions& options) {
  if (const auto valid_options = checked(options); !valid_options)
    return std::unexpected(valid_options.error());
  // The tree of a large document is given back in one piece.
  boost::json::monotonic_resource memory;
  auto tree = read_document(document, &memory);
  if (!tree) return std::unexpected(tree.error());
  return train_openapi_tree(std::move(*tree), options);
}

Result<SpecificationInput> train_openapi_tree(Json document, const OpenApiOptions& options) {
  const auto valid_options = checked(options);
  if (!valid_options) return std::unexpected(valid_options.error());
  const auto open_api = OpenApiDocument::create(std::move(document));
  if (!open_api) return std::unexpected(open_api.error());
  if (const auto count = count_operations(open_api->root()); count > operations_max) {
    return fail(ErrorKind::too_large, "The document has " + std::to_string(count) + " operations; at most " +
                                          std::to_string(operations_max) + " are trained at once");
  }
  if (auto servers = check_servers(*open_api, *valid_options); !servers)
    return std::unexpected(servers.error());
  return Training(*open_api, *valid_options).run();
}

}  // namespace poly::training
