#include "runtime/bundle.hpp"

#include <set>

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

ClientFunctions client_functions_of(const Resource& function, const spec::Revision& revision,
                                    const Snapshot& snapshot) {
  ClientFunctions clients(snapshot, {function.tenant, function.environment});
  clients.add_used_by(revision.code.references);
  return clients;
}

std::string fingerprint(const Resource& function, const ClientFunctions& clients) {
  std::string text = function.id.text() + ":" + std::to_string(function.version);
  for (const auto& [path, client] : clients.found())
    text += "," + client->id.text() + ":" + std::to_string(client->version);
  return text;
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
                        const ClientFunctions& clients) {
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
    out.push_back('}');
  }
  out += "]}";
  return out;
}

}  // namespace

std::string fingerprint_of(const Resource& function, const spec::Revision& revision,
                           const Snapshot& snapshot) {
  return fingerprint(function, client_functions_of(function, revision, snapshot));
}

Bundle bundle_of(const Resource& function, const spec::Revision& revision, const Snapshot& snapshot) {
  const auto clients = client_functions_of(function, revision, snapshot);
  return {.fingerprint = fingerprint(function, clients),
          .header = load_header(function, revision, clients),
          .code = revision.code.runnable};
}

}  // namespace poly::runtime
