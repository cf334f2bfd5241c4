#include "spec/json_schema_evidence.hpp"

#include <random>

#include <gtest/gtest.h>

#include "spec/json_schema.hpp"
#include "spec/json_schema_infer.hpp"

namespace poly::spec {
namespace {

Json inferred(std::span<const Json> samples) {
  const auto schema = infer_schema_by_evidence(samples);
  const auto compiled =
      CompiledSchema::compile(schema, nullptr, {.formats = SchemaOptions::Formats::enforce});
  EXPECT_TRUE(compiled) << to_text(schema);
  std::vector<std::string> problems;
  for (const auto& sample : samples)
    EXPECT_TRUE(compiled->check(sample, "$", problems))
        << to_text(sample) << to_text(schema) << problems.at(0);
  return schema;
}

std::string inferred(std::string_view samples) {
  const auto list = value_or_throw(parse_json(samples, "test"));
  return to_text(inferred(std::span(list.as_array().data(), list.as_array().size())));
}

// `words` in turn, `count` samples altogether.
std::string in_turn(const std::vector<std::string>& words, std::size_t count) {
  JsonArray list;
  for (std::size_t i = 0; i < count; ++i) list.emplace_back(words[i % words.size()]);
  return to_text(Json(std::move(list)));
}

TEST(Evidence, AFormatIsWhatAllTextsAgreeOn) {
  EXPECT_EQ(inferred(R"(["2024-05-01T10:00:00Z"])"), R"({"type":"string","format":"date-time"})");
  EXPECT_EQ(inferred(R"(["2024-05-01", null])"), R"({"type":["string","null"],"format":"date"})");
  EXPECT_EQ(inferred(R"(["7d444840-9dc0-11d1-b245-5ffdce74fad2"])"), R"({"type":"string","format":"uuid"})");
  EXPECT_EQ(inferred(R"(["a@b.example"])"), R"({"type":"string","format":"email"})");
  EXPECT_EQ(inferred(R"(["https://a.example/x"])"), R"({"type":"string","format":"uri"})");
  EXPECT_EQ(inferred(R"(["2024-05-01", ""])"), R"({"type":"string"})");
  EXPECT_EQ(inferred(R"(["2024-05-01", "2024-05-01T10:00:00Z"])"), R"({"type":"string"})");
  EXPECT_EQ(inferred(R"(["2024-05-01", 5])"), R"({"type":["string","integer"]})");
  EXPECT_EQ(inferred(R"(["urn:a"])"), R"({"type":"string"})");
}

TEST(Evidence, FewWordsThatRepeatAreAChoice) {
  EXPECT_EQ(inferred(in_turn({"open", "closed"}, enum_samples_min)),
            R"({"type":"string","enum":["closed","open"]})");
  EXPECT_EQ(inferred(in_turn({"open", "closed"}, enum_samples_min - 1)), R"({"type":"string"})");
  EXPECT_EQ(inferred(in_turn({"open"}, 100)), R"({"type":"string"})");
  EXPECT_EQ(inferred(in_turn({"a", "b", "c", "d"}, 15)), R"({"type":"string"})");
  EXPECT_EQ(inferred(in_turn({"a", "b", "c", "d", "e", "f", "g", "h", "i"}, 100)), R"({"type":"string"})");
  EXPECT_EQ(inferred(in_turn({"a", std::string(enum_value_bytes_max + 1, 'x')}, 100)),
            R"({"type":"string"})");
  auto nullable = in_turn({"open", "closed"}, enum_samples_min);
  nullable.back() = ',';
  EXPECT_EQ(inferred(nullable + "null]"), R"({"type":["string","null"],"enum":["closed","open",null]})");
}

TEST(Evidence, AnObjectWhoseKeysAreIdsIsAMap) {
  EXPECT_EQ(inferred(R"([{"17":{"a":1}},{"23":{"a":2.5,"b":"x"}},{}])"),
            R"({"type":"object","additionalProperties":{"type":"object","properties":{"a":{"type":"number"},)"
            R"("b":{"type":"string"}},"required":["a"]}})");
  EXPECT_EQ(inferred(R"([{"2024-05-01":1,"2024-05-02":2}])"),
            R"({"type":"object","additionalProperties":{"type":"integer"}})");
  EXPECT_EQ(inferred(R"([{"1":1}])"),
            R"({"type":"object","properties":{"1":{"type":"integer"}},"required":["1"]})");
  EXPECT_EQ(inferred(R"([{"1":1,"total":2}])"),
            R"({"type":"object","properties":{"1":{"type":"integer"},"total":{"type":"integer"}},)"
            R"("required":["1","total"]})");
}

TEST(Evidence, MoreKeysThanAnybodyReadsAreAMap) {
  JsonObject many;
  for (std::size_t i = 0; i <= properties_max; ++i) many["key" + std::to_string(i)] = true;
  const Json sample(many);
  EXPECT_EQ(to_text(inferred(std::span(&sample, 1))),
            R"({"type":"object","additionalProperties":{"type":"boolean"}})");
}

TEST(Evidence, OfWhatWasAlwaysNullNothingIsSaid) {
  EXPECT_EQ(inferred(R"([{"a":null},{"a":null}])"),
            R"({"type":"object","properties":{"a":{}},"required":["a"]})");
}

// Random values whose shapes are alike, as samples of one place are.
class Samples {
 public:
  explicit Samples(unsigned seed) : random_(seed) {}

  Json value(int depth) {
    switch (pick(depth > 0 ? 9 : 7)) {
      case 0:
        return nullptr;
      case 1:
        return pick(2) == 0;
      case 2:
        return pick(1000) - 500;
      case 3:
        return pick(1000) / 8.0;
      case 4:
        return boost::json::string(words_[static_cast<std::size_t>(pick(4))]);
      case 5:
        return boost::json::string(formats_[static_cast<std::size_t>(pick(5))]);
      case 6:
        return boost::json::string(std::to_string(pick(100'000)));
      case 7: {
        JsonArray array;
        for (int i = pick(5); i > 0; --i) array.push_back(value(depth - 1));
        return array;
      }
      default: {
        JsonObject object;
        const bool has_ids = pick(2) == 0;
        for (int i = pick(5); i > 0; --i)
          object[has_ids ? std::to_string(pick(50))
                         : std::string(words_[static_cast<std::size_t>(pick(4))])] = value(depth - 1);
        return object;
      }
    }
  }

  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

 private:
  static constexpr std::array<std::string_view, 4> words_{"open", "closed", "", "in progress"};
  static constexpr std::array<std::string_view, 5> formats_{"2024-05-01", "2024-05-01T10:00:00Z",
                                                            "7d444840-9dc0-11d1-b245-5ffdce74fad2",
                                                            "a@b.example", "https://a.example"};
  std::mt19937 random_;
};

TEST(Evidence, EverySampleFitsWhatWasInferredFromAll) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Samples random(seed);
    std::vector<Json> samples;
    for (int i = random.pick(40); i > 0; --i) samples.push_back(random.value(3));
    inferred(samples);
    const auto plain = value_or_throw(CompiledSchema::compile(infer_schema(samples)));
    for (const auto& sample : samples) EXPECT_TRUE(plain.fits(sample)) << seed << to_text(sample);
  }
}

}  // namespace
}  // namespace poly::spec
