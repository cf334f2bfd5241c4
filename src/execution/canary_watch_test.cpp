#include "execution/canary_watch.hpp"

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "catalog/revisions.hpp"
#include "store/testing.hpp"

namespace poly::execution {
namespace {

using spec::ServerFunction;
using spec::TrafficShare;

// A watch over a real catalog, whose clock is moved by hand and whose calls are made up.
class Trials : public testing::Test {
 protected:
  Trials() {
    auto made = std::make_shared<identity::Identity>();
    made->tenant.id = ids.make<TenantId>();
    made->environment.id = ids.make<EnvironmentId>();
    owner = made;
    std::vector<store::Statement> rows;
    rows.push_back(store::statement("INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)",
                                    owner->tenant.id, "t", clock.now()));
    rows.push_back(store::statement(
        "INSERT INTO environments (id, tenant_id, name, subdomain, created_at) VALUES ($1, $2, $3, $4, $5)",
        owner->environment.id, owner->tenant.id, "e", "e", clock.now()));
    finish(files.store->write(std::move(rows)));
    watch.emplace(CanaryParts{control.get_executor(), wheel, clock, catalog,
                              [this](ResourceId) { return read_outcomes(); }});
    watch->start();
  }
  ~Trials() override { finish(watch->close()); }

  template <class T>
  T finish(Task<T> task) {
    auto done = boost::asio::co_spawn(control, std::move(task), boost::asio::use_future);
    while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) control.run_one();
    return done.get();
  }
  Task<std::vector<RevisionOutcomes>> read_outcomes() {
    ++looks;
    co_return outcomes;
  }

  void deploy(std::string source, catalog::Rollout rollout = {}) {
    catalog::Deploy wanted;
    wanted.function.head.name = "greet";
    wanted.function.current.code.source = source;
    wanted.rollout = rollout;
    catalog::Draft draft;
    draft.definition = wanted.function;
    draft.complete = [wanted, now = clock.now()](const catalog::Definition* standing) {
      const auto* before = standing ? &std::get<ServerFunction>(*standing) : nullptr;
      return catalog::Definition(catalog::deployed(before, wanted, now));
    };
    function = finish(catalog.upsert(owner, std::move(draft))).after->id;
  }
  void begin_trial() {
    deploy("stable");
    deploy("candidate", {.kind = catalog::Rollout::Kind::canary, .percent = 10, .rules = {}});
    while (looks == 0) control.run_one();
    settle();
  }
  // What a look began is on the disk and published.
  void settle() {
    finish(files.store->flush());
    control.poll();
    finish(files.store->flush());
    control.poll();
  }
  void pass(std::chrono::milliseconds time) {
    clock.advance(time);
    wheel.advance();
    settle();
  }
  const ServerFunction& now() { return catalog.here()->find(function)->as<ServerFunction>(); }

  boost::asio::io_context control;
  boost::asio::executor_work_guard<Executor> open_for_work{control.get_executor()};
  ManualClock clock{parse_iso("2024-05-01T12:00:00Z").value()};
  RandomIdSource ids;
  store::TestStore files;
  LoopGroup loops{1};
  catalog::Catalog catalog{*files.store, loops, clock, ids};
  TimerWheel wheel{control.get_executor(), clock};
  std::optional<CanaryWatch> watch;
  identity::IdentityPointer owner;
  ResourceId function;
  std::vector<RevisionOutcomes> outcomes;
  int looks = 0;
};

TEST_F(Trials, EndWithAllCallsOnTheStableRevisionWhenTheNewOneFails) {
  begin_trial();
  outcomes = {{1, 900, 0}, {2, 100, 30}};
  pass(canary_looked_at_every);
  EXPECT_EQ(now().shares(), (std::vector<TrafficShare>{{1, 100}}));
  ASSERT_TRUE(now().rolled_back);
  EXPECT_EQ(now().rolled_back->at, clock.now());
  EXPECT_TRUE(now().rolled_back->reason.starts_with("30 of 100 calls of revision 2 failed"));
}

TEST_F(Trials, EndWithAllCallsOnTheNewRevisionWhenTheirTimeIsOver) {
  begin_trial();
  outcomes = {{1, 900, 0}, {2, 100, 1}};
  for (int second = 1; second < 600; ++second) pass(canary_looked_at_every);
  EXPECT_TRUE(now().canary);
  pass(canary_looked_at_every);
  EXPECT_EQ(now().shares(), (std::vector<TrafficShare>{{2, 100}}));
  EXPECT_FALSE(now().canary);
}

TEST_F(Trials, DoNotCountWhatWasBeforeThem) {
  outcomes = {{1, 5'000, 0}, {2, 1'000, 1'000}};
  begin_trial();
  outcomes = {{1, 5'900, 0}, {2, 1'100, 1'000}};
  pass(canary_looked_at_every);
  EXPECT_TRUE(now().canary);
}

TEST_F(Trials, AreLookedAtNoMoreOnceADeployEndsThem) {
  begin_trial();
  deploy("next");
  pass(canary_looked_at_every);
  const auto before = looks;
  pass(canary_looked_at_every);
  EXPECT_EQ(looks, before);
  EXPECT_EQ(now().shares(), (std::vector<TrafficShare>{{3, 100}}));
}

}  // namespace
}  // namespace poly::execution
