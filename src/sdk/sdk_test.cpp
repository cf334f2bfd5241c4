#include "sdk/sdk.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/type_expression.hpp"

namespace poly::sdk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

const fs::path room = fs::path(OPENPOLY_SOURCE_DIR) / "src/sdk";

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Json json(std::string_view text) {
  return parse_json(text, "test").value();
}

Json golden_specs() {
  return json(read_text(room / "golden/specs.json"));
}

TypeScriptOptions options() {
  return {.base_url = "http://127.0.0.1:8000", .client_id = "c0ffee00-0000-4000-8000-000000000000"};
}

std::string content_of(const std::vector<GeneratedFile>& files, std::string_view path) {
  const auto found = std::ranges::find(files, path, &GeneratedFile::path);
  EXPECT_NE(found, files.end()) << path;
  return found == files.end() ? "" : found->content;
}

// The SDK for one server function `f` whose only argument has the given schema, as `poly/index.d.ts`.
std::string argument_of_schema(std::string_view schema) {
  const auto specs = json(R"([{"id":"1","type":"serverFunction","name":"f","function":{"arguments":[
      {"name":"x","required":true,"type":{"kind":"object","schema":)" +
                          std::string(schema) + R"(}}],"returnType":{"kind":"void"}}}])");
  return content_of(generate_typescript(specs, options()).value(), "openpoly/poly/index.d.ts");
}

// Files that are made from the catalog; the others are copies of src/sdk/package.
bool is_made(const GeneratedFile& file) {
  const auto source =
      file.path.ends_with(".d.mts") ? file.path.substr(0, file.path.size() - 5) + "ts" : file.path;
  return !fs::exists(room / "package" / source) && !file.path.ends_with("specs.json");
}

TEST(TypeScriptSdk, MakesTheGoldenFiles) {
  const auto files = generate_typescript(golden_specs(), options()).value();
  const auto expected = room / "golden/expected";
  if (std::getenv("OPENPOLY_UPDATE_GOLDEN")) {
    fs::remove_all(expected);
    for (const auto& file : files) {
      if (is_made(file)) write_text(expected / file.path, file.content);
    }
  }
  std::size_t made = 0;
  for (const auto& file : files) {
    if (!is_made(file)) continue;
    ++made;
    EXPECT_EQ(read_text(expected / file.path), file.content) << file.path;
  }
  const auto golden = std::ranges::count_if(fs::recursive_directory_iterator(expected),
                                            [](const auto& entry) { return entry.is_regular_file(); });
  EXPECT_EQ(static_cast<std::size_t>(golden), made);
}

TEST(TypeScriptSdk, DoesNotDependOnTheOrderOfTheSpecs) {
  auto reversed = golden_specs();
  std::ranges::reverse(reversed.as_array());
  auto files = generate_typescript(reversed, options()).value();
  auto expected = generate_typescript(golden_specs(), options()).value();
  const auto is_cache = [](const GeneratedFile& file) { return file.path == "openpoly/specs.json"; };
  std::erase_if(files, is_cache);
  std::erase_if(expected, is_cache);
  EXPECT_EQ(files, expected);
}

TEST(TypeScriptSdk, NamesTheEntryThatCannotBeRead) {
  const auto refused = [](std::string_view specs) {
    const auto files = generate_typescript(json(specs), options());
    EXPECT_FALSE(files);
    return files ? "" : files.error().message;
  };
  EXPECT_EQ(refused(R"({"results":[]})"), "specs: expected an array, the answer of GET /specs");
  EXPECT_EQ(refused(R"([1])"), "specs[0]: expected an object");
  EXPECT_EQ(refused(R"([{"type":"snippet"},{"type":"schema","name":"a"}])"), "specs[1].id: is missing");
  EXPECT_EQ(refused(R"([{"id":"1","type":"schema","name":"."}])"), "specs[0].name: is missing or blank");
}

TEST(TypeScriptSdk, PrefersTheEnvironmentsOwnOverAForeignFunctionOfTheSamePath) {
  const auto specs = json(R"([
    {"id":"foreign","type":"serverFunction","context":"a","name":"b","visibilityMetadata":{"foreignTenantName":"acme"}},
    {"id":"own","type":"apiFunction","context":"a","name":"b","visibilityMetadata":{"foreignTenantName":null}}])");
  const auto catalog = content_of(generate_typescript(specs, options()).value(), "openpoly/catalog.json");
  EXPECT_THAT(catalog, HasSubstr(R"(["api", "a.b", "own", null])"));
  EXPECT_THAT(catalog, Not(HasSubstr("foreign")));
}

TEST(TypeScriptSdk, WritesNoValueOfAVariableToDisk) {
  const auto files = generate_typescript(golden_specs(), options()).value();
  for (const auto& file : files) {
    EXPECT_THAT(file.content, Not(HasSubstr("pageSize\":50"))) << file.path;
  }
}

TEST(TypeScriptSdk, GivesEachFileAPathThatDiffersInMoreThanCase) {
  const auto specs = json(R"([
    {"id":"1","type":"serverFunction","context":"Crm","name":"a"},
    {"id":"2","type":"serverFunction","context":"crm","name":"a"},
    {"id":"3","type":"serverFunction","context":"con","name":"a"},
    {"id":"4","type":"serverFunction","context":"index","name":"a"}])");
  const auto files = generate_typescript(specs, options()).value();
  std::vector<std::string> paths;
  for (const auto& file : files) {
    if (file.path.starts_with("openpoly/poly/")) paths.push_back(file.path.substr(14));
  }
  EXPECT_THAT(paths, ::testing::UnorderedElementsAre("_con.d.ts", "crm.d.ts", "crm_2.d.ts", "index.d.ts",
                                                     "index_2.d.ts"));
}

TEST(TypeScriptSdk, WithoutTypesKeepsNamesAndForgetsTypes) {
  auto untyped = options();
  untyped.no_types = true;
  const auto files = generate_typescript(golden_specs(), untyped).value();
  EXPECT_THAT(content_of(files, "openpoly/poly/crm_2.d.ts"),
              HasSubstr("get: (id: any, fields?: any) => Promise<ApiFunctionResponse<any>>;"));
  EXPECT_THAT(content_of(files, "openpoly/schemas.d.ts"), HasSubstr("type Contact = any;"));
}

TEST(SchemaTypes, KeepWhatASchemaAllows) {
  struct Case {
    std::string_view schema, type;
  };
  const Case cases[] = {
      {R"(true)", "x: any"},
      {R"({"type":"array"})", "x: any[]"},
      {R"({"type":"array","items":{"enum":["a","b"]}})", R"(x: ("a" | "b")[])"},
      {R"({"type":["integer","number"]})", "x: number"},
      {R"({"anyOf":[{"type":"string"},{}]})", "x: any"},
      {R"({"type":"string","anyOf":[{"pattern":"^a"},{"enum":["b"]}]})", "x: string"},
      {R"({"type":"object","oneOf":[{"type":"null"},{"type":"boolean"}]})", "x: null | boolean"},
      {R"({"allOf":[{"$ref":"#/missing"},{"type":"string"}]})", "x: any /* unresolved $ref #/missing */"},
      {R"({"allOf":[{"type":"string"},{"minLength":3}]})", "x: string"},
      {R"({"$ref":"#/$defs/a%20b","$defs":{"a b":{"type":"number"}}})", "x: FXAB"},
      {R"({"oneOf":[{"type":"string"}],"nullable":true})", "x: string | null"},
      {R"({"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}})",
       "x: { [key: string]: string[] }"},
      {R"({"description":"*/ x","x-poly-ref":{"path":"*/"}})", R"(x: any /* unresolved schema *\/ */)"},
      {R"({"prefixItems":[{"type":"string"}],"minItems":0})", "x: [string?, ...any[]]"},
  };
  for (const auto& [schema, type] : cases) {
    EXPECT_THAT(argument_of_schema(schema), HasSubstr("f: (" + std::string(type) + ") => Promise<void>"))
        << schema;
  }
}

TEST(SchemaTypes, StopAtTheirNamedDepth) {
  const auto nested = [](std::size_t levels) {
    std::string schema;
    for (std::size_t i = 0; i < levels; ++i) schema += R"({"items":)";
    return schema + R"({"type":"string"})" + std::string(levels, '}');
  };
  constexpr std::size_t deepest = 99;  // the innermost string is the hundredth level
  EXPECT_THAT(argument_of_schema(nested(deepest)), HasSubstr("string[]"));
  EXPECT_THAT(argument_of_schema(nested(deepest + 1)), HasSubstr("any /* nested too deep */[]"));
}

TEST(SchemaTypes, FollowChainsOfReferencesOfAnyLength) {
  std::string definitions;
  constexpr std::size_t links = 2000;
  for (std::size_t i = 0; i < links; ++i) {
    definitions += "\"d" + std::to_string(i) + "\":{\"properties\":{\"next\":{\"$ref\":\"#/$defs/d" +
                   std::to_string((i + 1) % links) + "\"}}},";
  }
  definitions.pop_back();
  const auto text = argument_of_schema(R"({"$ref":"#/$defs/d0","$defs":{)" + definitions + "}}");
  EXPECT_THAT(text, HasSubstr("type FXD1999 = {\n  next?: FXD0;\n};"));
}

TEST(TypeExpressions, AreLetInOnlyWhenWholeAndKnown) {
  for (const auto* good :
       {"string", "Promise<string | null>", "number[][]", "(a: string, b?: number) => void",
        "{ a: string; 'b c'?: 1 }", "[string, number]", "Record<string, any>", "(string | number)[]",
        "-1 | 2.5", "(...rest: any[]) => Promise<void>", "Map<string, { deep: Array<Date> }>"}) {
    EXPECT_TRUE(checked_type_expression(good)) << good;
  }
  for (const auto* bad :
       {"", "Foo", "string |", "Promise", "Promise<string", "Record<boolean, any>", "string; }", "a => b",
        "import('x')", "(a?: string, b: number) => void", "`x`", "string /* */", "typeof x", "01"}) {
    EXPECT_FALSE(checked_type_expression(bad)) << bad;
  }
}

}  // namespace
}  // namespace poly::sdk
