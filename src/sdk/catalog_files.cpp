// `catalog.json`, the table that `poly` and `vari` are made from when the package is loaded (see
// package/openpoly/runtime/), and the client functions that it names.
#include "sdk/function_type.hpp"
#include "sdk/names.hpp"
#include "sdk/package_files.hpp"
#include "sdk/variable.hpp"

namespace poly::sdk {
namespace {

std::string_view runtime_kind(EntryKind kind) {
  switch (kind) {
    case EntryKind::api_function:
      return "api";
    case EntryKind::server_function:
      return "server";
    case EntryKind::client_function:
      return "client";
    case EntryKind::webhook:
      return "webhook";
    case EntryKind::variable:
    case EntryKind::schema:
      break;
  }
  return "";
}

// `null` when the specs do not say which arguments there are.
std::string argument_names(const Entry& entry) {
  const auto* arguments = arguments_of(entry.object("function"));
  if (!arguments) return "null";
  std::string out = "[";
  for (const auto key : argument_keys(*arguments)) {
    if (out.size() > 1) out += ", ";
    append_quoted(out, key);
  }
  return out + "]";
}

class Rows final {
 public:
  // A row is a JSON array on a line of its own, so that a difference shows what changed.
  void begin(std::string_view first) {
    text_.append(text_.empty() ? "\n    [" : ",\n    [");
    append_quoted(text_, first);
  }
  void add(std::string_view value) {
    text_ += ", ";
    append_quoted(text_, value);
  }
  void add_json(std::string_view value) { text_.append(", ").append(value); }
  void end() { text_ += "]"; }

  std::string array() const { return text_.empty() ? "[]" : "[" + text_ + "\n  ]"; }

 private:
  std::string text_;
};

// The code stands in a function of its own: `return`, top-level names and `require` are then its own too.
std::string wrapped(const Entry& entry) {
  const auto& name = entry.segments.back();
  std::string out = "// Client function ";
  out.append(entry.path).append(".\nexports.require = require;\nexports.name = ");
  append_quoted(out, name);
  out.append(";\nexports.run = function (exports, require, module) {\n").append(text_of(*entry.json, "code"));
  if (is_identifier(name) && parameter_name(name) == name) {
    out.append("\n;return typeof ")
        .append(name)
        .append(" === 'undefined' ? undefined : ")
        .append(name)
        .append(";");
  }
  return out + "\n};\n";
}

}  // namespace

std::vector<GeneratedFile> catalog_files(const std::vector<Entry>& entries) {
  std::vector<GeneratedFile> files;
  UniqueFileNames client_names;
  Rows functions, variables;
  for (const auto& entry : entries) {
    if (entry.kind == EntryKind::schema) continue;
    if (entry.kind == EntryKind::variable) {
      variables.begin(entry.path);
      variables.add(entry.id);
      variables.add(is_secret(entry) ? "secret" : "readable");
      variables.end();
      continue;
    }
    std::string id(entry.id);
    if (entry.kind == EntryKind::client_function) {
      id = client_names.unique(entry.path);
      files.push_back({"openpoly/client/" + id + ".js", wrapped(entry)});
    }
    functions.begin(runtime_kind(entry.kind));
    functions.add(entry.path);
    functions.add(id);
    functions.add_json(argument_names(entry));
    functions.end();
  }
  std::string table =
      "{\n  \"functions\": " + functions.array() + ",\n  \"variables\": " + variables.array() + "\n}\n";
  files.push_back({"openpoly/catalog.json", std::move(table)});
  return files;
}

}  // namespace poly::sdk
