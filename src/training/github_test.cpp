// The whole API of GitHub, as its makers publish it, is the measure: 12 MB, more than 1,000 operations.
#include <chrono>
#include <fstream>
#include <iostream>
#include <set>

#include <gtest/gtest.h>

#include "spec/json_schema.hpp"
#include "training/check_api_function.hpp"
#include "training/open_api.hpp"
#include "training/yaml.hpp"

namespace poly::training {
namespace {

std::string github_document() {
  const std::string path =
      std::string(OPENPOLY_SOURCE_DIR) + "/node_modules/@octokit/openapi/generated/api.github.com.json";
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path << " is missing: npm ci installs it";
  return {std::istreambuf_iterator<char>(file), {}};
}

void collect_references(const Json& value, std::set<std::string>& out) {
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) collect_references(item, out);
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      const auto* path = key == "x-poly-ref" ? find(member, "path") : nullptr;
      if (path)
        out.emplace(path->get_string());
      else
        collect_references(member, out);
    }
  }
}

class GitHub : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto document = github_document();
    const auto start = std::chrono::steady_clock::now();
    auto trained = train_openapi(document, {.context = "github"});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    ASSERT_TRUE(trained) << trained.error().message;
    result_ = std::make_unique<SpecificationInput>(std::move(*trained));
    std::cout << document.size() << " bytes: " << result_->report->operations << " operations, "
              << result_->functions.size() << " functions, " << result_->report->refused.size()
              << " refused, " << result_->report->warnings.size() << " warnings, " << result_->schemas.size()
              << " schemas in " << took.count() << " s\n";
    for (const auto& remark : result_->report->refused) {
      std::cout << "refused " << remark.method << " " << remark.path << ": " << remark.reason << "\n";
    }
    for (const auto& remark : result_->report->warnings) {
      std::cout << "warning " << remark.method << " " << remark.path << ": " << remark.reason << "\n";
    }
  }
  static void TearDownTestSuite() { result_.reset(); }

  const spec::ApiFunction& function(std::string_view path) const {
    for (const auto& candidate : result_->functions) {
      if (candidate.head.path() == path) return candidate;
    }
    throw std::runtime_error("there is no " + std::string(path));
  }

  static std::unique_ptr<SpecificationInput> result_;
};

std::unique_ptr<SpecificationInput> GitHub::result_;

TEST_F(GitHub, EveryOperationIsAFunctionOrNamedWithItsReason) {
  EXPECT_GT(result_->report->operations, 1'000);
  EXPECT_EQ(result_->functions.size() + result_->webhooks.size() + result_->report->refused.size(),
            static_cast<std::size_t>(result_->report->operations));
  EXPECT_EQ(result_->report->refused, std::vector<Remark>());
}

TEST_F(GitHub, EveryFunctionCanBePublishedUnderANameOfItsOwn) {
  std::set<std::string> paths;
  for (const auto& candidate : result_->functions) {
    EXPECT_EQ(check_api_function(candidate), std::vector<std::string>()) << candidate.head.path();
    EXPECT_TRUE(paths.insert(candidate.head.path()).second) << candidate.head.path();
  }
}

TEST_F(GitHub, EveryReferenceNamesASchemaThatIsPartOfTheResult) {
  std::set<std::string> known, used;
  for (const auto& schema : result_->schemas) {
    EXPECT_TRUE(spec::check_name(schema.head.name)) << schema.head.name;
    EXPECT_TRUE(known.insert(schema.head.path()).second) << schema.head.path();
    collect_references(schema.definition.parsed(), used);
  }
  const auto encoded = encode(result_->functions);
  collect_references(encoded, used);
  EXPECT_EQ(known, used);
}

// JSON is YAML as well: the two readers must agree on twelve megabytes.
TEST(GitHubDocument, ReadsTheSameAsJsonAndAsYaml) {
  const auto text = github_document();
  const auto start = std::chrono::steady_clock::now();
  const auto yaml = parse_yaml(text, {});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(yaml) << yaml.error().message;
  std::cout << "as YAML: " << took.count() << " s\n";
  EXPECT_TRUE(*yaml == parse_json(text, "document").value());
}

TEST_F(GitHub, EverySchemaCompilesTogetherWithThoseThatItRefersTo) {
  std::map<std::string, Json, std::less<>> definitions;
  for (const auto& schema : result_->schemas) definitions[schema.head.path()] = schema.definition.parsed();
  const spec::SchemaResolver resolver{.by_poly_path = [&](std::string_view path, std::string_view) {
    const auto found = definitions.find(path);
    return found == definitions.end() ? std::nullopt : std::optional(found->second);
  }};
  const auto& list = function("github.repos.listForOrg");
  const auto schema = spec::CompiledSchema::compile(list.return_type_schema.parsed(), &resolver);
  ASSERT_TRUE(schema) << schema.error().message;
  EXPECT_TRUE(schema->fits(JsonArray()));
  EXPECT_FALSE(schema->fits(JsonArray{JsonObject{{"id", "not a number"}}}));
  for (const auto& [path, definition] : definitions) {
    const auto compiled = spec::CompiledSchema::compile(definition, &resolver);
    EXPECT_TRUE(compiled) << path << ": " << compiled.error().message;
  }
}

TEST_F(GitHub, NothingIsInlinedSoTheResultIsNoLargerThanTheDocument) {
  EXPECT_LT(to_text(encode(*result_)).size(), 12u * 1024 * 1024);
}

TEST_F(GitHub, FunctionsReadAsTheirAuthorsMeantThem) {
  const auto& list = function("github.repos.listForOrg");
  EXPECT_EQ(list.source.method, "GET");
  EXPECT_EQ(list.source.url,
            "https://api.github.com/orgs/{{org}}/repos?type={{type}}&sort={{sort}}&direction={{direction}}"
            "&per_page={{perPage}}&page={{page}}");
  ASSERT_EQ(list.arguments.size(), 6u);
  EXPECT_EQ(list.arguments[0].name, "org");
  EXPECT_TRUE(list.arguments[0].required);
  EXPECT_TRUE(list.arguments[4].remove_if_not_present);
  EXPECT_EQ(list.return_type, "array");
  EXPECT_EQ(list.return_type_schema.text,
            R"({"type":"array","items":{"x-poly-ref":{"path":"github.MinimalRepository"}}})");
  EXPECT_EQ(function("github.repos.uploadReleaseAsset").source.body->mode, spec::BodyMode::file);
  EXPECT_TRUE(
      function("github.repos.uploadReleaseAsset").source.url.starts_with("https://uploads.github.com/"));
}

TEST_F(GitHub, TheResultEncodesAndDecodesToItself) {
  const auto decoded = decode<SpecificationInput>(encode(*result_));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(*decoded, *result_);
}

}  // namespace
}  // namespace poly::training
