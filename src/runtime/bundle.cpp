#include "runtime/bundle.hpp"

#include <algorithm>

#include "catalog/variables.hpp"

namespace poly::runtime {
namespace {

using catalog::NameSpace;
using catalog::Resource;
using catalog::ResourcePointer;
using catalog::Snapshot;
using catalog::Viewpoint;

// Client functions by path, each once, also those that client functions use.
class ClientFunctions {
 public:
  ClientFunctions(const Snapshot& snapshot, Viewpoint from) : snapshot_(snapshot), from_(from) {}

  void add_used_by(const spec::References& references) {
    for (const auto& path : references.poly) add(path);
    if (!references.dynamic) return;
    for (const auto& resource : snapshot_.list(from_, spec::Kind::client_function)) add(resource->path());
  }

  const std::map<std::string, ResourcePointer>& found() const { return found_; }

 private:
  void add(const std::string& path) {
    if (found_.contains(path)) return;
    const auto resource = snapshot_.find(from_, NameSpace::poly, path);
    if (!resource || resource->kind() != spec::Kind::client_function) return;
    found_.emplace(path, resource);
    add_used_by(resource->as<spec::ClientFunction>().code.references);
  }

  const Snapshot& snapshot_;
  Viewpoint from_;
  std::map<std::string, ResourcePointer> found_;
};

Viewpoint viewpoint_of(const Resource& function) {
  return {function.tenant, function.environment};
}

ClientFunctions client_functions_of(const Resource& function, const spec::Revision& revision,
                                    const Snapshot& snapshot) {
  ClientFunctions clients(snapshot, viewpoint_of(function));
  clients.add_used_by(revision.code.references);
  return clients;
}

// `,"layers":["/folder"]`, or nothing.
void append_layers(std::string& out, const std::vector<std::string>& hashes,
                   const std::filesystem::path& folder) {
  if (hashes.empty()) return;
  std::vector<std::string> folders;
  for (const auto& hash : hashes) folders.push_back(folder / hash);
  out += R"(,"layers":)" + encode_text(folders);
}

// Of the function, then of what it uses: who asks for a package gets the first that has it.
std::vector<std::string> all_layers(const spec::Code& code, const ClientFunctions& clients) {
  std::vector<std::string> hashes;
  const auto add = [&hashes](const std::optional<std::string>& layer) {
    if (layer && std::ranges::find(hashes, *layer) == hashes.end()) hashes.push_back(*layer);
  };
  add(code.layer);
  for (const auto& [path, client] : clients.found()) add(client->as<spec::ClientFunction>().code.layer);
  return hashes;
}

std::vector<std::string> own_layers(const spec::Code& code) {
  return code.layer ? std::vector{*code.layer} : std::vector<std::string>();
}

void append_version(std::string& out, const Resource& resource) {
  out += "," + resource.id.text() + ":" + std::to_string(resource.version);
}

std::string fingerprint(const Resource& function, const spec::Revision& revision,
                        const ClientFunctions& clients, const Snapshot& snapshot) {
  std::string text = function.id.text() + " " + function.path() + " " + std::to_string(revision.number) +
                     " " + revision.code.hash + " " + revision.code.layer.value_or("") + " " +
                     encode_text(revision.settings);
  for (const auto& [path, client] : clients.found()) append_version(text, *client);
  for (const auto& [name, value] : revision.settings.environment) {
    if (!value.variable) continue;
    const auto variable = snapshot.find(viewpoint_of(function), NameSpace::vari, *value.variable);
    if (variable) append_version(text, *variable);
  }
  return text;
}

// `,"environment":{"NAME":"value"}`, or nothing.
void append_environment(std::string& out, const Resource& function, const spec::Revision& revision,
                        const Snapshot& snapshot, const OpenVariable& open_variable) {
  if (revision.settings.environment.empty()) return;
  JsonObject values;
  for (const auto& [name, value] : revision.settings.environment) {
    if (value.value) values[name] = *value.value;
    if (!value.variable) continue;
    const auto opened =
        open_variable(*catalog::find_variable(snapshot, viewpoint_of(function), *value.variable));
    values[name] = opened.is_string() ? opened : Json(to_text(opened));
  }
  out += R"(,"environment":)" + to_text(values);
}

void append_member(std::string& out, std::string_view key, std::string_view text) {
  append_quoted(out, key);
  out.push_back(':');
  append_quoted(out, text);
}

// `"name":…,"language":…,"parameters":[…]`
void append_signature(std::string& out, std::string_view name, const spec::Code& code) {
  append_member(out, "name", name);
  out.push_back(',');
  append_member(out, "language", word_of(code.language));
  out += R"(,"parameters":[)";
  bool first = true;
  for (const auto& argument : code.interface.arguments) {
    if (!first) out.push_back(',');
    first = false;
    append_quoted(out, argument.name);
  }
  out.push_back(']');
}

std::string load_header(const Resource& function, const spec::Revision& revision,
                        const ClientFunctions& clients, const Snapshot& snapshot,
                        const OpenVariable& open_variable, const std::filesystem::path& layers) {
  std::string out = "{";
  append_member(out, "functionId", function.id.text());
  out.push_back(',');
  append_member(out, "path", function.path());
  out.push_back(',');
  append_signature(out, function.head().name, revision.code);
  out += R"(,"clientFunctions":[)";
  bool first = true;
  for (const auto& [path, client] : clients.found()) {
    if (!first) out.push_back(',');
    first = false;
    const auto& code = client->as<spec::ClientFunction>().code;
    out.push_back('{');
    append_member(out, "path", path);
    out.push_back(',');
    append_signature(out, client->head().name, code);
    out.push_back(',');
    append_member(out, "code", code.runnable);
    append_layers(out, own_layers(code), layers);
    out.push_back('}');
  }
  out.push_back(']');
  append_environment(out, function, revision, snapshot, open_variable);
  append_layers(out, all_layers(revision.code, clients), layers);
  out.push_back('}');
  return out;
}

std::optional<Program> program_of(const Resource& function, const spec::Code& code) {
  if (!spec::runs_as_program(code.language)) return std::nullopt;
  return Program{code.runnable, function.head().name, code.language, code.source};
}

}  // namespace

std::string fingerprint_of(const Resource& function, const spec::Revision& revision,
                           const Snapshot& snapshot) {
  return fingerprint(function, revision, client_functions_of(function, revision, snapshot), snapshot);
}

Bundle bundle_of(const Resource& function, const spec::Revision& revision, const Snapshot& snapshot,
                 const OpenVariable& open_variable, const std::filesystem::path& layers) {
  const auto clients = client_functions_of(function, revision, snapshot);
  auto program = program_of(function, revision.code);
  return {.fingerprint = fingerprint(function, revision, clients, snapshot),
          .header = load_header(function, revision, clients, snapshot, open_variable, layers),
          .code = program ? std::string() : revision.code.runnable,
          .program = std::move(program)};
}

}  // namespace poly::runtime
