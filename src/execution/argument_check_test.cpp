#include "execution/argument_check.hpp"

#include <gtest/gtest.h>

#include "execution/execution.hpp"

namespace poly::execution {
namespace {

const catalog::Viewpoint here{TenantId{Uuid{{1}}}, EnvironmentId{Uuid{{2}}}};

spec::PropertySpecification property(std::string name, spec::PropertyType type, bool required = true) {
  return {.name = std::move(name),
          .description = {},
          .required = required,
          .nullable = {},
          .type = std::move(type)};
}

spec::FunctionSpecification two_arguments() {
  spec::FunctionSpecification function;
  function.arguments = {
      property("id", spec::PropertyType::primitive("string")),
      property("tags", spec::PropertyType::of_schema({R"({"type":"array","items":{"type":"string"}})"}),
               false)};
  return function;
}

std::vector<std::string> problems(const ArgumentCheck& check, std::string_view arguments) {
  try {
    check.require_fit(parse_json(arguments, "test").value().as_object());
  } catch (const Failure& failure) {
    return failure.error().details;
  }
  return {};
}

TEST(Arguments, AreNamedWhenTheyAreMissingOrDoNotFit) {
  const catalog::Snapshot nothing;
  const ArgumentCheck check(two_arguments(), nothing, here);
  EXPECT_EQ(problems(check, R"({"id":"a","tags":["x"],"unknown":1})"), std::vector<std::string>());
  EXPECT_EQ(problems(check, R"({"id":7,"tags":["x",2]})"),
            (std::vector<std::string>{"$.id: expected string, got number",
                                      "$.tags[1]: expected string, got number"}));
  EXPECT_EQ(problems(check, "{}"), std::vector<std::string>{"$.id: is missing"});
}

TEST(Arguments, MayBeNullWhenTheyAreOptional) {
  const catalog::Snapshot nothing;
  const ArgumentCheck check(two_arguments(), nothing, here);
  EXPECT_TRUE(problems(check, R"({"id":"a","tags":null})").empty());
  EXPECT_FALSE(problems(check, R"({"id":null})").empty());
}

TEST(Arguments, ByPositionGetTheirNames) {
  const catalog::Snapshot nothing;
  const ArgumentCheck check(two_arguments(), nothing, here);
  EXPECT_EQ(to_text(check.by_name({"a", nullptr})), R"({"id":"a"})");
  EXPECT_THROW(check.by_name({1, 2, 3}), Failure);
}

TEST(Arguments, FollowASchemaOfTheCatalogAndNoticeItsChange) {
  spec::SchemaDefinition point;
  point.head.name = "Point";
  point.head.context = "geo";
  point.definition = {R"({"type":"object","required":["x"]})"};
  auto made = catalog::make_resource(ResourceId{Uuid{{9}}}, here.tenant, here.environment, point);
  const auto snapshot = catalog::Snapshot().with(std::make_shared<const catalog::Resource>(std::move(made)));
  spec::FunctionSpecification function;
  function.arguments = {
      property("at", spec::PropertyType::of_schema({R"({"x-poly-ref":{"path":"geo.Point"}})"}))};
  const ArgumentCheck check(function, *snapshot, here);
  EXPECT_TRUE(problems(check, R"({"at":{"x":1}})").empty());
  EXPECT_FALSE(problems(check, R"({"at":{}})").empty());
  EXPECT_FALSE(check.stale(*snapshot));
  EXPECT_TRUE(check.stale(*snapshot->without(*snapshot->find(ResourceId{Uuid{{9}}}))));
}

TEST(EventArguments, AreAsManyAsTheFunctionTakes) {
  spec::ServerFunction function;
  function.head.name = "f";
  const auto with = [&](std::size_t count) {
    function.current.code.interface.arguments.assign(count, property("a", spec::PropertyType::any()));
    const auto resource = catalog::make_resource({}, here.tenant, here.environment, function);
    return event_arguments(resource, "event", JsonObject(), JsonObject()).size();
  };
  EXPECT_EQ(with(0), 0u);
  EXPECT_EQ(with(1), 1u);
  EXPECT_EQ(with(3), 3u);
  EXPECT_EQ(with(5), 3u);
}

}  // namespace
}  // namespace poly::execution
