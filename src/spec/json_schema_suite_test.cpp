// The official JSON Schema test suite, run on our checker.
//
// The copy of the npm package holds the drafts up to 4. A newer copy, in the layout of the suite's own
// repository, is run in addition when OPENPOLY_JSON_SCHEMA_SUITE names its folder.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "spec/json_schema.hpp"

namespace poly::spec {
namespace {

namespace fs = std::filesystem;

Json read_json(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return value_or_throw(parse_json(text.str(), file.string()));
}

const fs::path modules = fs::path(OPENPOLY_SOURCE_DIR) / "node_modules";

// Schemas that tests refer to: the suite's remotes, and the metaschemas of ajv's package.
class Remotes {
 public:
  explicit Remotes(const fs::path& suite) {
    const fs::path remotes = suite / "remotes";
    for (const auto& entry : fs::recursive_directory_iterator(remotes)) {
      if (entry.path().extension() != ".json") continue;
      by_uri_["http://localhost:1234/" + fs::relative(entry.path(), remotes).string()] = entry.path();
    }
    const fs::path metaschemas = modules / "ajv/dist/refs";
    by_uri_["https://json-schema.org/draft/2020-12/schema"] = metaschemas / "json-schema-2020-12/schema.json";
    for (const auto& entry : fs::directory_iterator(metaschemas / "json-schema-2020-12/meta")) {
      by_uri_["https://json-schema.org/draft/2020-12/meta/" + entry.path().stem().string()] = entry.path();
    }
    by_uri_["http://json-schema.org/draft-07/schema"] = metaschemas / "json-schema-draft-07.json";
    by_uri_["http://json-schema.org/draft-06/schema"] = metaschemas / "json-schema-draft-06.json";
    resolver_.by_uri = [this](std::string_view uri) -> std::optional<Json> {
      const auto known = by_uri_.find(uri);
      if (known == by_uri_.end()) return std::nullopt;
      return read_json(known->second);
    };
  }
  Remotes(const Remotes&) = delete;
  Remotes& operator=(const Remotes&) = delete;

  const SchemaResolver* resolver() const { return &resolver_; }

 private:
  std::map<std::string, fs::path, std::less<>> by_uri_;
  SchemaResolver resolver_;
};

struct Tally {
  std::size_t right = 0;
  std::vector<std::string> wrong;  // "file: group: test"
};

void run_group(const JsonObject& group, const std::string& file, const Remotes& remotes,
               const std::string& dialect, Tally& tally) {
  const std::string name = file + ": " + std::string(text_of(group, "description"));
  Json schema = group.at("schema");
  if (auto* object = schema.if_object(); object && !dialect.empty()) object->emplace("$schema", dialect);
  const auto compiled = CompiledSchema::compile(schema, remotes.resolver());
  for (const auto& test : group.at("tests").as_array()) {
    const std::string test_name = name + ": " + std::string(text_of(test.as_object(), "description"));
    if (!compiled) {
      tally.wrong.push_back(test_name + " [" + compiled.error().message + "]");
      continue;
    }
    std::vector<std::string> problems;
    const bool fits = compiled->check(test.at("data"), "$", problems);
    EXPECT_EQ(fits, problems.empty()) << test_name;
    if (fits == test.at("valid").as_bool())
      ++tally.right;
    else
      tally.wrong.push_back(test_name);
  }
}

Tally run_draft(const fs::path& suite, const std::string& draft, const std::string& dialect) {
  const Remotes remotes(suite);
  Tally tally;
  for (const auto& entry : fs::directory_iterator(suite / "tests" / draft)) {
    if (entry.path().extension() != ".json") continue;
    const Json groups = read_json(entry.path());
    for (const auto& group : groups.as_array()) {
      run_group(group.as_object(), entry.path().filename().string(), remotes, dialect, tally);
    }
  }
  return tally;
}

void expect_only(const Tally& tally, const std::set<std::string>& unsupported, std::size_t right_min) {
  for (const auto& wrong : tally.wrong) {
    const bool is_known =
        std::ranges::any_of(unsupported, [&](const auto& start) { return wrong.starts_with(start); });
    EXPECT_TRUE(is_known) << wrong;
  }
  EXPECT_GE(tally.right, right_min);
  ::testing::Test::RecordProperty("right", static_cast<int>(tally.right));
}

TEST(JsonSchemaSuite, EveryTestOfDraft4GivesTheExpectedVerdict) {
  const auto tally =
      run_draft(modules / "json-schema-test-suite", "draft4", "http://json-schema.org/draft-04/schema#");
  expect_only(
      tally,
      {
          // Nobody ships the metaschema of draft-04, and a resolver may supply it.
          "ref.json: remote ref, containing refs itself",
          "definitions.json",
          // 1.0 is an integer in every later draft, and here always.
          "type.json: integer type matches integers: a float is not an integer even without fractional part",
      },
      200);
}

// The newer drafts are in no npm package. Whoever has the suite names its folder; without one there is no such test.
std::vector<std::string> named_suites() {
  const char* folder = std::getenv("OPENPOLY_JSON_SCHEMA_SUITE");
  return folder ? std::vector<std::string>{folder} : std::vector<std::string>{};
}

class NamedJsonSchemaSuite : public testing::TestWithParam<std::string> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NamedJsonSchemaSuite);
INSTANTIATE_TEST_SUITE_P(Folder, NamedJsonSchemaSuite, testing::ValuesIn(named_suites()));

TEST_P(NamedJsonSchemaSuite, GivesTheExpectedVerdicts) {
  const auto& folder = GetParam();
  expect_only(run_draft(folder, "draft2020-12", "https://json-schema.org/draft/2020-12/schema"),
              {
                  // $vocabulary of a metaschema is not read: the keywords of validation are always on.
                  "vocabulary.json: schema that uses custom metaschema with with no validation vocabulary",
              },
              1200);
  for (const std::string draft : {"draft7", "draft6"}) {
    const auto number = draft.substr(draft.size() - 1);
    expect_only(run_draft(folder, draft, "http://json-schema.org/draft-0" + number + "/schema#"), {}, 800);
  }
}

}  // namespace
}  // namespace poly::spec
