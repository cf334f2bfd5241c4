#include "catalog/dependents.hpp"

#include <gtest/gtest.h>

namespace poly::catalog {
namespace {

const EnvironmentId environment{Uuid{{1}}};

ResourcePointer resource(std::uint8_t id, Definition definition, std::uint8_t in = 1) {
  return std::make_shared<const Resource>(make_resource(ResourceId{Uuid{{id}}}, TenantId{Uuid{{9}}},
                                                        EnvironmentId{Uuid{{in}}}, std::move(definition)));
}

spec::ApiFunction api(std::string name) {
  spec::ApiFunction out;
  out.head.context = "a";
  out.head.name = std::move(name);
  return out;
}

spec::ServerFunction server(std::string name, std::vector<std::string> uses) {
  spec::ServerFunction out;
  out.head.context = "a";
  out.head.name = std::move(name);
  out.current.code.references.poly = std::move(uses);
  return out;
}

spec::Trigger trigger(std::string name, std::uint8_t function) {
  spec::Trigger out;
  out.name = std::move(name);
  out.destination.server_function = ResourceId{Uuid{{function}}};
  return out;
}

spec::Job job(std::string name, std::uint8_t function) {
  spec::Job out;
  out.name = std::move(name);
  out.functions.push_back({.id = ResourceId{Uuid{{function}}}});
  return out;
}

// `a.g`, `nightly<a.g`: who uses it, and through what.
std::vector<std::string> users(const Dependents& dependents, const ResourcePointer& function) {
  std::vector<std::string> out;
  for (const auto& [user, through] : dependents.of(*function))
    out.push_back(user->path() + (through ? "<" + through->path() : ""));
  return out;
}

TEST(Dependents, AreCodeThatMentionsItAndWhatRunsThatCode) {
  const auto function = resource(1, api("f"));
  const auto unused = resource(2, api("g"));
  SnapshotPointer snapshot = std::make_shared<Snapshot>();
  for (const auto& each : {function, unused, resource(3, server("uses", {"a.f", "a.f"})),
                           resource(4, server("outer", {"a.uses"})), resource(5, server("other", {"a.ff"})),
                           resource(6, trigger("onOrder", 3)), resource(7, job("nightly", 4)),
                           resource(8, job("direct", 1)), resource(10, server("elsewhere", {"a.f"}), 2)})
    snapshot = snapshot->with(each);
  const Dependents dependents(snapshot, environment);
  EXPECT_EQ(users(dependents, function), (std::vector<std::string>{"a.uses", "direct", "a.outer<a.uses",
                                                                   "onOrder<a.uses", "nightly<a.outer"}));
  EXPECT_TRUE(users(dependents, unused).empty());
}

TEST(Dependents, EndWhereFunctionsCallEachOtherInACircle) {
  const auto function = resource(1, api("f"));
  SnapshotPointer snapshot = std::make_shared<Snapshot>();
  for (const auto& each :
       {function, resource(2, server("x", {"a.f", "a.y"})), resource(3, server("y", {"a.x", "a.y"}))})
    snapshot = snapshot->with(each);
  EXPECT_EQ(users(Dependents(snapshot, environment), function), (std::vector<std::string>{"a.x", "a.y<a.x"}));
}

}  // namespace
}  // namespace poly::catalog
