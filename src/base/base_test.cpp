#include <gtest/gtest.h>

#include "base/attempt.hpp"
#include "base/codec.hpp"
#include "base/task_group.hpp"

namespace poly {
namespace {

enum class Colour { red, green };

struct Leaf {
  std::string name;
  std::optional<int> size;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("name", self.name);
    field.optional("size", self.size);
  }
  bool operator==(const Leaf&) const = default;
};

struct Tree {
  std::string title;
  std::vector<Leaf> leaves;
  std::map<std::string, bool> flags;
  Json extra;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("title", self.title);
    field.optional("leaves", self.leaves);
    field.optional("flags", self.flags);
    field.optional("extra", self.extra);
  }
};

Json json(std::string_view text) {
  return parse_json(text, "test").value();
}

TEST(Codec, ReadsWhatItWrites) {
  const Json source =
      json(R"({"title":"t","leaves":[{"name":"a","size":2},{"name":"b"}],"flags":{"x":true},"extra":[1]})");
  const auto tree = decode<Tree>(source);
  ASSERT_TRUE(tree);
  EXPECT_EQ(encode(*tree), source);
}

TEST(Codec, WritesTheSameAsText) {
  const Tree tree{"t\"", {{"a", 2}, {"b", {}}}, {{"x", true}}, json("[1,null]")};
  EXPECT_EQ(json(encode_text(tree)), encode(tree));
}

TEST(Codec, NamesEveryWrongFieldWithItsPath) {
  const auto tree =
      decode<Tree>(json(R"({"leaves":[{"name":"a"},{"name":7,"size":1.5}],"flags":{"x":"yes"}})"));
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().kind, ErrorKind::bad_request);
  EXPECT_EQ(tree.error().details,
            (std::vector<std::string>{"$.title: is missing", "$.leaves[1].name: expected string, got number",
                                      "$.leaves[1].size: is not a whole number in range",
                                      "$.flags.x: expected boolean, got string"}));
}

TEST(Codec, ListsNoMoreProblemsThanItsLimit) {
  constexpr auto most = codec::Problems::problems_max;
  for (const auto wrong : {most, most + 1}) {
    JsonArray leaves;
    for (std::size_t i = 0; i < wrong; ++i) leaves.push_back(JsonObject{{"name", i}});
    const auto tree = decode<Tree>(JsonObject{{"title", "t"}, {"leaves", leaves}});
    ASSERT_FALSE(tree);
    EXPECT_EQ(tree.error().details.size(), most);
  }
}

TEST(Codec, TakesNullForAnOptionalField) {
  const auto tree = decode<Tree>(json(R"({"title":"t","leaves":null,"flags":null})"));
  ASSERT_TRUE(tree);
  EXPECT_TRUE(tree->leaves.empty());
}

TEST(Codec, ChangesOnlyTheFieldsOfAPartialUpdate) {
  const Tree before{"old", {{"a", 1}}, {}, {}};
  const auto after = decode_over(before, json(R"({"title":"new"})"));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->title, "new");
  EXPECT_EQ(after->leaves, before.leaves);
}

TEST(Codec, ListsTheKeysThatItIgnores) {
  EXPECT_EQ(unknown_keys<Tree>(json(R"({"title":"t","tilte":1,"leaves":[{"name":"a","colour":"red"}]})")),
            (std::vector<std::string>{"$.leaves[0].colour", "$.tilte"}));
}

TEST(Codec, DescribesAStructAsJsonSchema) {
  EXPECT_EQ(schema_of<Leaf>(), json(R"({"type":"object","properties":{"name":{"type":"string"},
      "size":{"type":"integer"}},"required":["name"]})"));
}

TEST(JsonText, RefusesTextAfterTheValue) {
  const auto value = parse_json("{} x", "the body");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().message, "the body is not one JSON value: extra text at byte 3");
}

TEST(JsonText, RefusesAnUnfinishedValue) {
  EXPECT_FALSE(parse_json("{\"a\":", "the body"));
  EXPECT_FALSE(parse_json("", "the body"));
  EXPECT_TRUE(parse_json(" 12 \n", "the body"));
}

TEST(JsonText, RefusesNestingPastItsLimit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(json_depth_max), "x"));
  EXPECT_FALSE(parse_json(nested(json_depth_max + 1), "x"));
}

TEST(JsonText, QuotesControlCharactersAndQuotes) {
  std::string out;
  append_quoted(out, "a\"b\\\n\x01");
  EXPECT_EQ(out, R"("a\"b\\\n\u0001")");
}

TEST(Time, ReadsAndWritesIso) {
  const auto time = parse_iso("2024-02-29T12:30:00.250+02:00");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_iso(*time), "2024-02-29T10:30:00.250Z");
  EXPECT_FALSE(parse_iso("2023-02-29T12:30:00Z"));
  EXPECT_FALSE(parse_iso("2024-02-29T12:30:00"));
  EXPECT_FALSE(parse_iso("tomorrow"));
}

TEST(Ids, RoundTripAsText) {
  RandomIdSource ids;
  const auto id = ids.make<ResourceId>();
  EXPECT_EQ(ResourceId::parse(id.text()), id);
  EXPECT_NE(id, ids.make<ResourceId>());
  EXPECT_FALSE(ResourceId::parse("not-a-uuid"));
}

Task<void> count_up(int& count) {
  ++count;
  co_return;
}

Task<void> spawn_two_and_join(TaskGroup& group, int& count) {
  group.spawn(count_up(count));
  group.spawn(count_up(count));
  auto joined = group.join();
  co_await std::move(joined);
}

TEST(TaskGroups, JoinWaitsForEveryMember) {
  boost::asio::io_context loop(1);
  TaskGroup group(loop.get_executor(), "test");
  int count = 0;
  boost::asio::co_spawn(loop, spawn_two_and_join(group, count), boost::asio::detached);
  loop.run();
  EXPECT_EQ(count, 2);
  EXPECT_EQ(group.size(), 0u);
}

struct TellsMore final : Failure {
  using Failure::Failure;
};

Task<int> halved(int number) {
  if (number < 0) throw TellsMore(ErrorKind::bad_request, "no such half");
  if (number % 2 != 0) throw std::runtime_error("not even");
  co_return number / 2;
}

Task<void> reject() {
  throw Failure(ErrorKind::conflict, "taken");
  co_return;
}

template <class T>
Result<T> attempted(Task<T> task) {
  boost::asio::io_context loop(1);
  std::optional<Result<T>> outcome;
  boost::asio::co_spawn(loop, attempt(std::move(task)),
                        [&](std::exception_ptr, Result<T> given) { outcome = std::move(given); });
  loop.run();
  return outcome.value();
}

TEST(Attempts, GiveTheValueOrWhatTheExceptionSays) {
  EXPECT_EQ(attempted(halved(8)), 4);
  EXPECT_EQ(attempted(halved(-2)).error(), (Error{ErrorKind::bad_request, "no such half", {}, {}}));
  EXPECT_EQ(attempted(halved(3)).error(), (Error{ErrorKind::internal, "not even", {}, {}}));
  EXPECT_EQ(attempted(reject()).error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace poly
