#include "gateway/spec_entry.hpp"

#include "catalog/variables.hpp"

namespace poly::gateway {
namespace {

using catalog::Resource;

void append_member(std::string& out, std::string_view key) {
  out.push_back(',');
  append_quoted(out, key);
  out.push_back(':');
}

void append_text_member(std::string& out, std::string_view key, std::string_view text) {
  append_member(out, key);
  append_quoted(out, text);
}

void append_function(std::string& out, spec::FunctionSpecification function, SpecTypes types) {
  if (types == SpecTypes::without) {
    for (auto& argument : function.arguments) argument.type = spec::PropertyType::any();
    function.return_type = spec::PropertyType::any();
    function.other_return_types.reset();
  }
  append_member(out, "function");
  out += encode_text(function);
}

void append_code(std::string& out, const spec::Code& code) {
  append_text_member(out, "code", code.runnable);
  append_text_member(out, "sourceCode", code.source);
}

void append_language(std::string& out, const spec::Code& code) {
  append_text_member(out, "language", word_of(code.language));
  append_member(out, "requirements");
  out += encode_text(code.requirements);
}

void append_variable(std::string& out, const Resource& resource, SpecTypes types, const vault::Vault& vault) {
  const auto& variable = resource.as<spec::Variable>();
  const bool secret = variable.secrecy == spec::Secrecy::secret;
  JsonObject entry{{"environmentId", resource.environment.text()},
                   {"secrecy", word_of(variable.secrecy)},
                   {"secret", secret},
                   {"valueType", encode(variable.value_type.value_or(spec::PropertyType::any()))}};
  if (secret) {
    entry["value"] = nullptr;
  } else if (types == SpecTypes::with && variable.secrecy == spec::Secrecy::none) {
    entry["value"] = catalog::open_variable(vault, resource);
  }
  append_member(out, "variable");
  out += to_text(entry);
}

// What a kind has beyond the common members.
void append_own_members(std::string& out, const Resource& resource, SpecTypes types,
                        const vault::Vault& vault) {
  if (const auto* api = resource.if_is<spec::ApiFunction>()) {
    append_function(out, spec::specification_of(*api), types);
    append_text_member(out, "apiType", api->api_type);
  } else if (const auto* server = resource.if_is<spec::ServerFunction>()) {
    append_function(out, spec::specification_of(server->serving().code.interface), types);
    append_language(out, server->serving().code);
    append_member(out, "serverSideAsync");
    out += server->server_side_async ? "true" : "false";
  } else if (const auto* client = resource.if_is<spec::ClientFunction>()) {
    append_function(out, spec::specification_of(client->code.interface), types);
    append_language(out, client->code);
    append_code(out, client->code);
  } else if (const auto* webhook = resource.if_is<spec::Webhook>()) {
    append_function(out, spec::specification_of(*webhook), types);
  } else if (const auto* schema = resource.if_is<spec::SchemaDefinition>()) {
    append_member(out, "definition");
    out += types == SpecTypes::with && !schema->definition.empty() ? std::string_view(schema->definition.text)
                                                                   : "{}";
    append_member(out, "unresolvedPolySchemaRefs");
    out += "[]";
  } else if (const auto* snippet = resource.if_is<spec::Snippet>()) {
    append_text_member(out, "language", snippet->language);
  } else if (resource.if_is<spec::Variable>()) {
    append_variable(out, resource, types, vault);
  }
}

}  // namespace

bool append_spec_entry(std::string& out, const Resource& resource, const catalog::Viewpoint& from,
                       SpecTypes types, const vault::Vault& vault) {
  if (resource.kind() == spec::Kind::trigger || resource.kind() == spec::Kind::job) return false;
  const auto& head = resource.head();
  out += R"({"id":")" + resource.id.text() + '"';
  append_text_member(out, "type", spec::spec_type(resource.kind()));
  append_text_member(out, "context", head.context);
  append_text_member(out, "name", head.name);
  append_text_member(out, "contextName", resource.path());
  append_text_member(out, "description", head.description);
  append_text_member(out, "state", word_of(head.state));
  append_member(out, "visibilityMetadata");
  out += R"({"visibility":")";
  out += word_of(head.visibility);
  out += resource.environment == from.environment ? R"("})" : R"(","foreignEnvironmentName":"other"})";
  append_own_members(out, resource, types, vault);
  out.push_back('}');
  return true;
}

}  // namespace poly::gateway
