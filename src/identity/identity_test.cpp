#include <gtest/gtest.h>

#include "identity/directory.hpp"
#include "store/testing.hpp"

namespace poly::identity {
namespace {

class Directories : public testing::Test {
 protected:
  ManualClock clock{Timestamp(std::chrono::hours(500'000))};
  RandomIdSource ids;
  store::TestStore files;
  LoopGroup loops{1};
  Directory directory{*files.store, loops, clock, ids};
};

constexpr std::string_view given_key = "00000000-0000-4000-8000-000000000001";

TEST_F(Directories, MakeTheFirstKeyFromTheOneGiven) {
  EXPECT_FALSE(store::finish(directory.load(Secret(std::string(given_key)))));
  const auto identity = directory.find(given_key);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->tenant.name, "default");
  EXPECT_EQ(identity->environment.name, "default");
  EXPECT_EQ(identity->key.permissions, PermissionSet::all());
  EXPECT_FALSE(directory.find("00000000-0000-4000-8000-000000000002"));
}

TEST_F(Directories, MakeUpAKeyOnlyForAnEmptyStore) {
  const auto made_up = store::finish(directory.load(std::nullopt));
  ASSERT_TRUE(made_up);
  EXPECT_TRUE(directory.find(made_up->reveal()));
  Directory again(*files.store, loops, clock, ids);
  EXPECT_FALSE(store::finish(again.load(Secret(std::string(given_key)))));
  EXPECT_TRUE(again.find(made_up->reveal()));
  EXPECT_FALSE(again.find(given_key));
}

TEST_F(Directories, EndAKeyWhenItExpiresOrIsRemoved) {
  store::finish(directory.load(Secret(std::string(given_key))));
  NewKey wanted{"short", {Permission::execute}, clock.now() + std::chrono::minutes(1)};
  const auto added = store::finish(directory.add_key(directory.find(given_key), wanted));
  EXPECT_TRUE(directory.find(added.second.reveal()));
  clock.advance(std::chrono::minutes(1));
  EXPECT_FALSE(directory.find(added.second.reveal()));

  wanted.expires_at.reset();
  const auto lasting = store::finish(directory.add_key(directory.find(given_key), wanted));
  EXPECT_TRUE(directory.find(lasting.second.reveal()));
  store::finish(directory.remove_key(lasting.first));
  EXPECT_FALSE(directory.find(lasting.second.reveal()));
}

TEST_F(Directories, KeepNoTextOfAKey) {
  store::finish(directory.load(Secret(std::string(given_key))));
  store::finish(files.store->flush());
  const auto rows = store::finish(files.store->read(store::statement("SELECT hash, name FROM api_keys")));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].blob(0).bytes.size(), 32u);
}

TEST(Permissions, ComeBackFromTheirFlags) {
  const PermissionSet some{Permission::execute, Permission::manage_jobs};
  const auto back = PermissionSet::of_flags(some.flags());
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, some);
}

TEST(Permissions, RefuseAFlagThatNobodyKnows) {
  const auto refused = PermissionSet::of_flags({{"flyToTheMoon", true}});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("$.permissions.flyToTheMoon: is not one of execute,"))
      << refused.error().message;
}

}  // namespace
}  // namespace poly::identity
