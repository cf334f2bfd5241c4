#include "cli/model_file.hpp"

#include <array>

#include "cli/files.hpp"
#include "spec/api_function.hpp"
#include "spec/schema_definition.hpp"
#include "spec/webhook.hpp"

namespace poly::cli {
namespace {

struct KnownModel {
  std::string title;
  std::vector<spec::ApiFunction> functions;
  std::vector<spec::Webhook> webhooks;
  std::vector<spec::SchemaDefinition> schemas;
  Json report;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("title", self.title);
    field.optional("functions", self.functions);
    field.optional("webhooks", self.webhooks);
    field.optional("schemas", self.schemas);
    field.optional("report", self.report);
  }
};

JsonArray entries_of(const Json& document, std::string_view member, const std::string& file) {
  const auto* entries = find(document, member);
  if (!entries || entries->is_null()) return {};
  if (!entries->is_array())
    throw Failure(ErrorKind::bad_request, file + ": $." + std::string(member) + ": expected array, got " +
                                              std::string(codec::kind_name(*entries)));
  return entries->get_array();
}

}  // namespace

ReadModel read_model(const std::filesystem::path& file) {
  const auto document = read_json_file(file);
  if (!document.is_object())
    throw Failure(ErrorKind::bad_request,
                  file.string() + ": must be an object with functions, webhooks and schemas");
  ReadModel read;
  read.model.title = text_of(document.get_object(), "title");
  read.model.functions = entries_of(document, "functions", file.string());
  read.model.webhooks = entries_of(document, "webhooks", file.string());
  read.model.schemas = entries_of(document, "schemas", file.string());
  read.unknown_keys = unknown_keys<KnownModel>(document);
  return read;
}

}  // namespace poly::cli
