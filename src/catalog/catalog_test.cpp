#include "catalog/catalog.hpp"

#include <gtest/gtest.h>

#include "catalog/variable_change.hpp"
#include "catalog/variables.hpp"
#include "store/testing.hpp"

namespace poly::catalog {
namespace {

identity::IdentityPointer owner(std::uint8_t tenant, std::uint8_t environment) {
  auto made = std::make_shared<identity::Identity>();
  made->tenant.id = TenantId{Uuid{{tenant}}};
  made->environment.id = EnvironmentId{Uuid{{environment}}};
  return made;
}

Viewpoint from(const identity::IdentityPointer& who) {
  return {who->tenant.id, who->environment.id};
}

ResourcePointer snippet(const identity::IdentityPointer& who, std::string name, spec::Visibility visibility,
                        std::uint8_t id) {
  spec::Snippet made;
  made.head.name = std::move(name);
  made.head.context = "a.b";
  made.head.visibility = visibility;
  return std::make_shared<const Resource>(
      make_resource(ResourceId{Uuid{{id}}}, who->tenant.id, who->environment.id, made));
}

const auto here = owner(11, 1);
const auto sibling = owner(11, 2);   // another environment of the same tenant
const auto stranger = owner(12, 3);  // another tenant

TEST(Snapshot, ShowsResourcesAsFarAsTheyArePublished) {
  SnapshotPointer snapshot = std::make_shared<Snapshot>();
  snapshot = snapshot->with(snippet(here, "own", spec::Visibility::environment, 1));
  snapshot = snapshot->with(snippet(here, "ours", spec::Visibility::tenant, 2));
  snapshot = snapshot->with(snippet(here, "all", spec::Visibility::public_, 3));
  const auto sees = [&](const identity::IdentityPointer& who, std::string_view path) {
    return snapshot->find(from(who), NameSpace::snippets, path) != nullptr;
  };
  EXPECT_TRUE(sees(here, "a.b.own") && sees(here, "a.b.ours") && sees(here, "a.b.all"));
  EXPECT_TRUE(!sees(sibling, "a.b.own") && sees(sibling, "a.b.ours") && sees(sibling, "a.b.all"));
  EXPECT_TRUE(!sees(stranger, "a.b.own") && !sees(stranger, "a.b.ours") && sees(stranger, "a.b.all"));
  EXPECT_EQ(snapshot->list(from(stranger), spec::Kind::snippet).size(), 1u);
}

TEST(Snapshot, PrefersTheEnvironmentsOwnResource) {
  SnapshotPointer snapshot = std::make_shared<Snapshot>();
  snapshot = snapshot->with(snippet(here, "same", spec::Visibility::public_, 1));
  snapshot = snapshot->with(snippet(sibling, "same", spec::Visibility::environment, 2));
  EXPECT_EQ(snapshot->find(from(sibling), NameSpace::snippets, "a.b.same")->id, ResourceId{Uuid{{2}}});
  EXPECT_EQ(snapshot->list(from(sibling), spec::Kind::snippet).size(), 1u);
  snapshot = snapshot->without(*snapshot->find(ResourceId{Uuid{{2}}}));
  EXPECT_EQ(snapshot->find(from(sibling), NameSpace::snippets, "a.b.same")->id, ResourceId{Uuid{{1}}});
}

TEST(Snapshot, ForgetsTheOldPathOfARenamedResource) {
  SnapshotPointer snapshot = std::make_shared<Snapshot>();
  snapshot = snapshot->with(snippet(here, "old", spec::Visibility::tenant, 1));
  const auto before = snapshot;
  snapshot = snapshot->with(snippet(here, "new", spec::Visibility::environment, 1));
  EXPECT_FALSE(snapshot->find(from(here), NameSpace::snippets, "a.b.old"));
  EXPECT_FALSE(snapshot->find(from(sibling), NameSpace::snippets, "a.b.old"));
  EXPECT_TRUE(snapshot->find(from(here), NameSpace::snippets, "a.b.new"));
  EXPECT_TRUE(before->find(from(here), NameSpace::snippets, "a.b.old"));
  EXPECT_EQ(snapshot->size(), 1u);
}

// A catalog over a real store with one environment.
class Catalogs : public testing::Test {
 protected:
  Catalogs() {
    std::vector<store::Statement> rows;
    rows.push_back(store::statement("INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)",
                                    here->tenant.id, "t", clock.now()));
    rows.push_back(store::statement(
        "INSERT INTO environments (id, tenant_id, name, subdomain, created_at) VALUES ($1, $2, $3, $4, $5)",
        here->environment.id, here->tenant.id, "e", "e", clock.now()));
    store::finish(files.store->write(std::move(rows)));
  }

  Draft draft(std::string name, std::string code) {
    spec::Snippet made;
    made.head.name = std::move(name);
    made.code = std::move(code);
    Draft draft;
    draft.definition = std::move(made);
    return draft;
  }

  SystemClock clock;
  RandomIdSource ids;
  store::TestStore files;
  LoopGroup loops{1};
  Catalog catalog{*files.store, loops, clock, ids};
};

TEST_F(Catalogs, KeepTheIdOfWhatIsReplaced) {
  const auto first = store::finish(catalog.upsert(here, draft("s", "1"))).after;
  const auto second = store::finish(catalog.upsert(here, draft("s", "2"))).after;
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(second->as<spec::Snippet>().code, "2");
  EXPECT_EQ(catalog.here()->size(), 1u);
}

TEST_F(Catalogs, StoreNothingWhenADefinitionStandsThereAlready) {
  const auto first = store::finish(catalog.upsert(here, draft("s", "1"))).after;
  const auto again = store::finish(catalog.upsert(here, draft("s", "1")));
  EXPECT_EQ(again.before, first);
  EXPECT_EQ(again.after, first);
}

TEST_F(Catalogs, StoreSeveralAtOnceButForThoseThatCannotBe) {
  store::finish(catalog.create(here, draft("same", "1")));
  store::finish(catalog.create(here, draft("old", "1")));
  spec::ApiFunction api;
  api.head.name = "taken";
  Draft function;
  function.definition = api;
  spec::ClientFunction client;
  client.head.name = "taken";
  Draft other;
  other.definition = client;
  std::vector<Draft> drafts{draft("new", "1"),   draft("same", "1"), draft("old", "2"),
                            std::move(function), std::move(other),   draft("new", "2")};
  int told = 0;
  catalog.on_change([&told](const Change&) { ++told; });
  const auto results = store::finish(catalog.upsert_all(here, std::move(drafts)));
  ASSERT_EQ(results.size(), 6u);
  EXPECT_TRUE(results[0] && !results[0]->before && results[0]->after);
  EXPECT_TRUE(results[1] && results[1]->before == results[1]->after);
  EXPECT_TRUE(results[2] && results[2]->before->id == results[2]->after->id);
  EXPECT_EQ(results[4].error().kind, ErrorKind::conflict);
  EXPECT_EQ(results[5]->before->id, results[0]->after->id);
  EXPECT_EQ(told, 4);
  Catalog again(*files.store, loops, clock, ids);
  store::finish(again.load());
  EXPECT_EQ(again.here()->size(), 4u);
  EXPECT_EQ(again.here()->find(from(here), NameSpace::snippets, "new")->as<spec::Snippet>().code, "2");
}

TEST_F(Catalogs, RefuseATakenPathAndSayWhoHasIt) {
  store::finish(catalog.create(here, draft("s", "1")));
  const auto error = store::error_from(catalog.create(here, draft("s", "2")));
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_TRUE(error.message.starts_with("'s' is already the name of another snippet")) << error.message;
}

TEST_F(Catalogs, RefuseToOverwriteAChangeThatWasNotSeen) {
  const auto seen = store::finish(catalog.create(here, draft("s", "1")));
  store::finish(catalog.replace(seen, draft("s", "2")));
  EXPECT_EQ(store::error_from(catalog.replace(seen, draft("s", "3"))).kind, ErrorKind::conflict);
}

TEST_F(Catalogs, GiveASlugToOneWebhookOnly) {
  const auto webhook = [](std::string name, std::optional<std::string> slug) {
    spec::Webhook made;
    made.head.name = std::move(name);
    made.slug = std::move(slug);
    Draft draft;
    draft.definition = std::move(made);
    return draft;
  };
  const auto first = store::finish(catalog.create(here, webhook("a", "orders")));
  EXPECT_EQ(catalog.here()->find_webhook_by_slug("orders")->id, first->id);
  EXPECT_EQ(store::error_from(catalog.create(here, webhook("b", "orders"))).kind, ErrorKind::conflict);
  store::finish(catalog.replace(first, webhook("a", std::nullopt)));
  EXPECT_FALSE(catalog.here()->find_webhook_by_slug("orders"));
  store::finish(catalog.create(here, webhook("b", "orders")));
}

TEST_F(Catalogs, TellListenersOfEveryChange) {
  std::vector<std::string> told;
  catalog.on_change([&](const Change& change) {
    told.push_back(std::string(change.before ? "had" : "new") + (change.after ? " has" : " gone"));
  });
  const auto made = store::finish(catalog.create(here, draft("s", "1")));
  const auto changed = store::finish(catalog.replace(made, draft("s", "2")));
  store::finish(catalog.remove(changed));
  EXPECT_EQ(told, (std::vector<std::string>{"new has", "had has", "had gone"}));
}

TEST_F(Catalogs, ReadBackWhatTheyStored) {
  const auto made = store::finish(catalog.create(here, draft("s", "1")));
  Catalog again(*files.store, loops, clock, ids);
  store::finish(again.load());
  const auto found = again.here()->find(made->id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->definition, made->definition);
  EXPECT_EQ(found->created_at, made->created_at);
}

TEST_F(Catalogs, GiveUpAChangeThatCannotBeStored) {
  // Nobody stored this environment, so the database refuses its resources.
  EXPECT_THROW(store::finish(catalog.create(stranger, draft("s", "1"))), Failure);
  EXPECT_EQ(catalog.here()->size(), 0u);
  store::finish(catalog.create(here, draft("s", "1")));
  EXPECT_EQ(catalog.here()->size(), 1u);
}

TEST(Variables, AreReadByStepsOfAPath) {
  const auto value = parse_json(R"({"a":{"b":[10,{"c":"x"}]}})", "test").value();
  EXPECT_EQ(part_of(value, "a.b[1].c"), "x");
  EXPECT_EQ(part_of(value, "a.b[0]"), 10);
  EXPECT_EQ(part_of(value, ""), value);
  EXPECT_THROW(part_of(value, "a.missing"), Failure);
  EXPECT_THROW(part_of(value, "a.b[2]"), Failure);
  EXPECT_THROW(part_of(value, "a.b[0"), Failure);
}

TEST(Variables, PathsEndAtTheirLimit) {
  Json value(1);
  std::string path;
  for (std::size_t i = 0; i < subpath_steps_max; ++i) {
    value = JsonObject{{"a", value}};
    path += path.empty() ? "a" : ".a";
  }
  EXPECT_EQ(part_of(value, path), 1);
  EXPECT_THROW(part_of(JsonObject{{"a", value}}, path + ".a"), Failure);
}

TEST(ShardedMap, SharesWhatDidNotChange) {
  ShardedMap<int, int> map;
  for (int i = 0; i < 1000; ++i) map = map.with(i, i);
  const auto changed = map.with(7, 70).without(8);
  EXPECT_EQ(map.size(), 1000u);
  EXPECT_EQ(changed.size(), 999u);
  EXPECT_EQ(*map.find(7), 7);
  EXPECT_EQ(*changed.find(7), 70);
  EXPECT_EQ(changed.find(8), nullptr);
  std::size_t seen = 0;
  changed.for_each([&](int, int) { ++seen; });
  EXPECT_EQ(seen, 999u);
}

}  // namespace
}  // namespace poly::catalog
