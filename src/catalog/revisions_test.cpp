#include "catalog/revisions.hpp"

#include <gtest/gtest.h>

#include "catalog/catalog.hpp"
#include "store/testing.hpp"

namespace poly::catalog {
namespace {

using spec::ServerFunction;
using spec::TrafficShare;

const auto at_noon = parse_iso("2024-05-01T12:00:00Z").value();

Deploy deploy_of(std::string source, Rollout rollout = {}) {
  Deploy deploy;
  deploy.function.head.name = "greet";
  deploy.function.current.code.source = source;
  deploy.function.current.code.hash = source;
  deploy.rollout = std::move(rollout);
  return deploy;
}

ServerFunction after(const std::vector<std::string>& sources) {
  std::optional<ServerFunction> function;
  for (const auto& source : sources)
    function = deployed(function ? &*function : nullptr, deploy_of(source), at_noon);
  return *function;
}

std::string message_of(const auto& work) {
  try {
    work();
  } catch (const Failure& failure) {
    return failure.error().message;
  }
  return "nothing was thrown";
}

TEST(Deploy, MakesTheNextRevisionWhichTakesAllCalls) {
  const auto function = after({"a", "b"});
  EXPECT_EQ(function.current.number, 2);
  EXPECT_EQ(function.shares(), (std::vector<TrafficShare>{{2, 100}}));
  EXPECT_TRUE(function.others.empty());
}

TEST(Deploy, OfTheSameMakesNoRevisionAndMovesNoCalls) {
  const auto rolled_back = with_traffic(after({"a", "b"}), {{1, 100}}, {after({"a"}).current});
  EXPECT_EQ(deployed(&rolled_back, deploy_of("b"), at_noon), rolled_back);
}

TEST(Deploy, OfOtherSettingsIsAnotherRevision) {
  const auto function = after({"a"});
  auto deploy = deploy_of("a");
  deploy.function.current.settings.memory_mib = 128;
  EXPECT_EQ(deployed(&function, deploy, at_noon).current.number, 2);
}

TEST(Deploy, ReusesNoNumberAfterARollback) {
  const auto rolled_back = with_traffic(after({"a", "b"}), {{1, 100}}, {after({"a"}).current});
  EXPECT_EQ(rolled_back.serving().code.source, "a");
  const auto function = deployed(&rolled_back, deploy_of("a"), at_noon);
  EXPECT_EQ(function.current.number, 3);
  EXPECT_EQ(function.serving().number, 3);
}

TEST(Deploy, ThatChangesWhatServesStartsFromIt) {
  const auto rolled_back = with_traffic(after({"a", "b"}), {{1, 100}}, {after({"a"}).current});
  auto deploy = deploy_of("a");
  deploy.base = Deploy::Base::serving;
  EXPECT_EQ(deployed(&rolled_back, deploy, at_noon), rolled_back);
  deploy.function.current.settings.memory_mib = 128;
  const auto function = deployed(&rolled_back, deploy, at_noon);
  EXPECT_EQ(function.current.number, 3);
  EXPECT_EQ(function.current.code.source, "a");
}

TEST(Deploy, WithoutTrafficLeavesTheCallsWhereTheyAre) {
  const auto before = after({"a"});
  const auto function = deployed(&before, deploy_of("b", {.kind = Rollout::Kind::none}), at_noon);
  EXPECT_EQ(function.current.number, 2);
  EXPECT_EQ(function.shares(), (std::vector<TrafficShare>{{1, 100}}));
  EXPECT_EQ(function.serving().code.source, "a");
  EXPECT_EQ(function.find_revision(2)->code.source, "b");
}

TEST(Deploy, AsCanaryGivesTheNewOneItsPart) {
  const auto before = after({"a"});
  const auto function =
      deployed(&before, deploy_of("b", {.kind = Rollout::Kind::canary, .percent = 5}), at_noon);
  EXPECT_EQ(function.shares(), (std::vector<TrafficShare>{{1, 95}, {2, 5}}));
  EXPECT_EQ(function.canary->candidate, 2);
  EXPECT_EQ(function.canary->stable, 1);
  EXPECT_EQ(function.canary->began_at, at_noon);
  EXPECT_EQ(function.serving().number, 1);
}

TEST(Canary, GivesAllCallsToOneOfBothWhenItEnds) {
  const auto before = after({"a"});
  const auto trial = deployed(&before, deploy_of("b", {.kind = Rollout::Kind::canary}), at_noon);
  const auto failed = with_canary_failed(trial, "too many errors", at_noon);
  EXPECT_EQ(failed.shares(), (std::vector<TrafficShare>{{1, 100}}));
  EXPECT_EQ(failed.rolled_back->reason, "too many errors");
  EXPECT_FALSE(failed.canary);
  const auto passed = with_canary_passed(trial);
  EXPECT_EQ(passed.shares(), (std::vector<TrafficShare>{{2, 100}}));
  EXPECT_FALSE(passed.canary || passed.rolled_back);
  EXPECT_TRUE(passed.others.empty());
}

TEST(Canary, LastsAndWaitsForCallsUpToItsLimits) {
  const auto complaint = [](spec::CanaryRules rules) { return message_of([&] { require_rules(rules); }); };
  EXPECT_EQ(complaint({.calls_min = canary_calls_max, .minutes = canary_minutes_max}), "nothing was thrown");
  EXPECT_EQ(complaint({.calls_min = 1, .minutes = 1}), "nothing was thrown");
  for (const int minutes : {0, canary_minutes_max + 1}) {
    EXPECT_EQ(complaint({.minutes = minutes}), "$.canary.minutes: must be from 1 to 10080");
  }
  for (const int calls : {0, canary_calls_max + 1}) {
    EXPECT_EQ(complaint({.calls_min = calls}), "$.canary.callsMin: must be from 1 to 1000000");
  }
}

TEST(Traffic, DividesAHundredCallsAsItsSharesSay) {
  const auto function = with_traffic(after({"a", "b"}), {{2, 10}, {1, 90}}, {after({"a"}).current});
  std::map<int, int> calls;
  for (int hundredth = 0; hundredth < 100; ++hundredth) ++calls[function.revision_for(hundredth).number];
  EXPECT_EQ(calls, (std::map<int, int>{{1, 90}, {2, 10}}));
}

TEST(Traffic, IsRefusedNamingTheField) {
  const auto complaint = [](std::vector<TrafficShare> shares) {
    return message_of([&] { require_shares(shares); });
  };
  EXPECT_EQ(complaint({}), "$.shares: must name from 1 to 10 revisions");
  EXPECT_EQ(complaint({{1, 100}, {2, 0}}), "$.shares[1].percent: must be from 1 to 100");
  EXPECT_EQ(complaint({{1, 50}, {1, 50}}), "$.shares[1].revision: 1 is named twice");
  EXPECT_EQ(complaint({{1, 50}, {2, 49}}), "$.shares: the percentages must add up to 100, not 99");
}

// A catalog over a real store that keeps three revisions of each function.
class History : public testing::Test {
 protected:
  History() {
    auto made = std::make_shared<identity::Identity>();
    made->tenant.id = ids.make<TenantId>();
    made->environment.id = ids.make<EnvironmentId>();
    made->key.id = ids.make<ApiKeyId>();
    owner = made;
    std::vector<store::Statement> rows;
    rows.push_back(store::statement("INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)",
                                    owner->tenant.id, "t", clock.now()));
    rows.push_back(store::statement(
        "INSERT INTO environments (id, tenant_id, name, subdomain, created_at) VALUES ($1, $2, $3, $4, $5)",
        owner->environment.id, owner->tenant.id, "e", "e", clock.now()));
    store::finish(files.store->write(std::move(rows)));
  }

  ResourcePointer deploy(std::string source, Rollout rollout = {}) {
    auto wanted = deploy_of(source, std::move(rollout));
    wanted.function.current.code.language = language;
    wanted.function.current.code.runnable = "program " + source;
    Draft draft;
    draft.definition = wanted.function;
    draft.note = {.deployed_by = owner->key.id, .text = "deploys " + source};
    draft.complete = [wanted](const Definition* standing) {
      const auto* before = standing ? &std::get<ServerFunction>(*standing) : nullptr;
      return Definition(deployed(before, wanted, at_noon));
    };
    function = store::finish(catalog.upsert(owner, std::move(draft))).after;
    return function;
  }
  void divide(std::vector<TrafficShare> shares, const std::vector<spec::Revision>& more = {}) {
    Draft draft;
    draft.definition = with_traffic(function->as<ServerFunction>(), std::move(shares), more);
    function = store::finish(catalog.replace(function, std::move(draft)));
  }
  std::vector<int> kept() {
    std::vector<int> numbers;
    for (const auto& entry : store::finish(history.list(function))) numbers.push_back(entry.number);
    return numbers;
  }

  SystemClock clock;
  RandomIdSource ids;
  store::TestStore files;
  LoopGroup loops{1};
  Catalog catalog{*files.store, loops, clock, ids, 3};
  RevisionHistory history{*files.store};
  identity::IdentityPointer owner;
  ResourcePointer function;
  spec::Language language = spec::Language::javascript;
};

TEST_F(History, TellsWhoDeployedWhatAndWhetherItServed) {
  deploy("a");
  deploy("b", {.kind = Rollout::Kind::none});
  const auto entries = store::finish(history.list(function));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].number, 2);
  EXPECT_EQ(entries[0].note, "deploys b");
  EXPECT_EQ(entries[0].deployed_by, owner->key.id);
  EXPECT_FALSE(entries[0].served);
  EXPECT_TRUE(entries[1].served);
}

TEST_F(History, GivesBackARevisionAsItWas) {
  deploy("a");
  const auto first = function->as<ServerFunction>().current;
  deploy("b");
  EXPECT_EQ(store::finish(history.find(function, 1)), first);
  EXPECT_EQ(store::error_from(history.find(function, 7)).message, "'greet' has no revision 7");
}

TEST_F(History, KeepsTheNewestAndThoseThatTakeCalls) {
  deploy("a");
  deploy("b");
  divide({{1, 50}, {2, 50}}, {store::finish(history.find(function, 1))});
  for (const auto* source : {"c", "d", "e"}) deploy(source, {.kind = Rollout::Kind::none});
  EXPECT_EQ(kept(), (std::vector{5, 4, 3, 2, 1}));
  deploy("f");
  EXPECT_EQ(kept(), (std::vector{6, 5, 4}));
  EXPECT_EQ(store::error_from(history.find(function, 1)).message,
            "'greet' has no revision 1 any more: it is not kept");
}

TEST_F(History, NamesTheProgramsOfThoseThatRunAsOne) {
  deploy("a");
  EXPECT_TRUE(store::finish(history.files()).programs.empty());
  language = spec::Language::go;
  for (const auto* source : {"b", "c", "d", "e"}) deploy(source);
  EXPECT_EQ(store::finish(history.files()).programs,
            (std::set<std::string>{"program c", "program d", "program e"}));
}

TEST_F(History, OfTheSameDeployIsNotChanged) {
  const auto first = deploy("a");
  EXPECT_EQ(deploy("a"), first);
  EXPECT_EQ(kept(), std::vector{1});
}

TEST_F(History, OfAFunctionFromBeforeThereWasOneBeginsWithWhatItHas) {
  deploy("a");
  std::vector<store::Statement> forgetting;
  forgetting.push_back(store::statement("DELETE FROM function_revisions"));
  store::finish(files.store->write(std::move(forgetting)));
  EXPECT_EQ(kept(), std::vector{1});
  deploy("b");
  EXPECT_EQ(kept(), (std::vector{2, 1}));
  EXPECT_EQ(store::finish(history.find(function, 1)).code.source, "a");
}

TEST_F(History, GoesWithTheFunctionAndOutlivesARestart) {
  deploy("a");
  deploy("b");
  divide({{1, 100}}, {store::finish(history.find(function, 1))});
  Catalog restarted{*files.store, loops, clock, ids, 3};
  store::finish(restarted.load());
  const auto again = restarted.here()->find(function->id);
  EXPECT_EQ(again->as<ServerFunction>(), function->as<ServerFunction>());
  EXPECT_EQ(again->as<ServerFunction>().serving().code.source, "a");
  store::finish(catalog.remove(function));
  const auto rows =
      store::finish(files.store->read(store::statement("SELECT number FROM function_revisions")));
  EXPECT_TRUE(rows.empty());
}

}  // namespace
}  // namespace poly::catalog
