#include "cli/doctor_checks.hpp"

#include <cstdio>
#include <memory>

#include "cli/files.hpp"
#include "cli/resource_kind.hpp"
#include "cli/sdk_project.hpp"

namespace poly::cli {
namespace {

constexpr int node_major_min = 20;

bool is_true(const Json& value, std::string_view member) {
  const auto* flag = find(value, member);
  return flag && flag->is_bool() && flag->get_bool();
}

// The first line that a program prints, or nothing when it is not there. `command` is ours, never a person's.
std::string first_line_of(const char* command) {
  const auto close = [](std::FILE* stream) { ::pclose(stream); };
  const std::unique_ptr<std::FILE, decltype(close)> output(::popen(command, "r"), close);
  char line[256] = {};
  if (!output || !std::fgets(line, sizeof line, output.get())) return "";
  std::string text(line);
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text;
}

Finding check_node() {
  const auto version = first_line_of("node --version 2>/dev/null");
  if (version.empty())
    return {"node", Health::warn, "not found",
            "install Node 20 or newer to use the SDK; everything else works without"};
  if (std::atoi(version.c_str() + 1) < node_major_min)
    return {"node", Health::warn, version + " is older than 20", "install Node 20 or newer to use the SDK"};
  return {"node", Health::ok, version, ""};
}

Finding check_typescript(const std::filesystem::path& folder) {
  const auto packages = project_packages(folder);
  const auto manifest = packages ? *packages / "typescript/package.json" : std::filesystem::path();
  if (packages && std::filesystem::exists(manifest))
    return {"typescript", Health::ok, shown_member(read_json_file(manifest), "version"), ""};
  const auto version = first_line_of("tsc --version 2>/dev/null");
  if (!version.empty()) return {"typescript", Health::ok, version, ""};
  return {"typescript", Health::warn, "not found",
          "`npm install --save-dev typescript` to have calls checked"};
}

std::vector<Finding> parts_of(const Json& ready) {
  std::vector<Finding> findings;
  const auto* checks = find(ready, "checks");
  if (!checks || !checks->is_array()) return findings;
  for (const auto& check : checks->get_array()) {
    const bool well = is_true(check, "ok");
    findings.push_back({"server: " + shown_member(check, "name"), well ? Health::ok : Health::warn,
                        shown_member(check, "message"), well ? "" : "tell who runs the server"});
  }
  return findings;
}

}  // namespace

std::vector<Finding> check_server(const Api& api) {
  const auto address = base_url_text(api.settings().base_url);
  Answer answer;
  try {
    answer = api.ask(get("/health/ready"));
  } catch (const Failure& failure) {
    return {{"server", Health::fail, failure.error().message,
             "is it running there? The address comes from " + api.settings().origin}};
  }
  const auto ready = answer.content();
  std::vector<Finding> findings;
  if (answer.good()) {
    findings.push_back({"server", Health::ok, address + ", version " + shown_member(ready, "version"), ""});
  } else {
    findings.push_back({"server", Health::fail,
                        address + " answered with status " + std::to_string(answer.status),
                        answer.status == 503 ? "it is starting or stopping: try again"
                                             : "is this the address of an OpenPoly server?"});
  }
  for (auto& part : parts_of(ready)) findings.push_back(std::move(part));
  return findings;
}

std::vector<Finding> check_key(const Api& api) {
  if (api.settings().api_key.empty())
    return {{"key", Health::fail, "there is none", "`poly login URL`, or set POLY_API_KEY"}};
  const auto answer = api.ask(get("/auth"));
  if (!answer.good())
    return {
        {"key", Health::fail, error_of_answer(answer).message, "`poly login URL` with a key of this server"}};
  const auto identity = answer.content();
  const auto environment = shown_member(identity, "environment.name");
  std::vector<Finding> findings{
      {"key", Health::ok, environment.empty() ? "known to the server" : "for environment " + environment,
       ""}};
  std::string missing;
  const auto* permissions = find(identity, "permissions");
  if (permissions && permissions->is_object()) {
    for (const auto& [name, granted] : permissions->get_object()) {
      if (granted.is_bool() && !granted.get_bool()) missing.append(missing.empty() ? "" : ", ").append(name);
    }
  }
  if (missing.empty()) {
    findings.push_back({"permissions", Health::ok, "all", ""});
  } else {
    findings.push_back({"permissions", Health::warn, "missing: " + missing,
                        "a key with more permissions, if you need them"});
  }
  return findings;
}

std::vector<Finding> check_sdk(const Api& api, const std::filesystem::path& folder) {
  const auto packages = project_packages(folder);
  if (!packages) return {{"sdk", Health::ok, "no npm project here, so no SDK to look at", ""}};
  const auto installed = installed_sdk(*packages);
  if (!installed) return {{"sdk", Health::warn, "not in this project", "`poly generate`"}};
  const auto answer = api.ask(specs_call(installed->selection));
  if (!answer.good())
    return {{"sdk", Health::warn, "cannot be compared: " + error_of_answer(answer).message, ""}};
  const auto files = sdk_files(answer.content(), installed->selection, api.settings());
  if (!files) return {{"sdk", Health::warn, "cannot be compared: " + files.error().message, ""}};
  if (specs_text(*files) != installed->specs)
    return {{"sdk", Health::warn, "older than the catalog", "`poly generate`"}};
  return {{"sdk", Health::ok, "as new as the catalog", ""}};
}

std::vector<Finding> check_tools(const std::filesystem::path& folder) {
  return {check_node(), check_typescript(folder)};
}

}  // namespace poly::cli
