// Files beside what a tool wrote: code of packages may have been at work there.
#include "packages/layer_folder.hpp"

#include <gtest/gtest.h>

#include "store/testing.hpp"

namespace poly::packages {
namespace {

namespace fs = std::filesystem;

class BesideATool : public testing::Test {
 protected:
  void SetUp() override { write_file(secret, "nobody's business"); }

  store::TemporaryFolder folder;
  const fs::path secret = folder.path() / "secret";
  const fs::path place = folder.path() / "place";
};

TEST_F(BesideATool, WhatItWroteIsRead) {
  write_file(place, "its report");
  EXPECT_EQ(read_written(place), "its report");
}

TEST_F(BesideATool, NothingIsReadThroughALink) {
  fs::create_symlink(secret, place);
  EXPECT_THROW(read_written(place), Failure);
  fs::remove(place);
  fs::create_hard_link(secret, place);
  EXPECT_THROW(read_written(place), Failure);
  EXPECT_THROW(read_written(folder.path()), Failure);
}

TEST_F(BesideATool, NothingIsWrittenThroughALinkOrOverAFile) {
  fs::create_symlink(secret, place);
  EXPECT_THROW(write_file(place, "planted"), Failure);
  EXPECT_THROW(write_file(secret, "planted"), Failure);
  EXPECT_EQ(read_file(secret), "nobody's business");
}

TEST_F(BesideATool, SealingALayerChangesNothingThatItsLinksPointTo) {
  const auto layer = folder.path() / "layer";
  make_folder(layer);
  fs::permissions(secret, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(secret, layer / "link");
  make_read_only(layer);
  EXPECT_EQ(fs::status(secret).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  remove_tree(layer);
  EXPECT_TRUE(fs::exists(secret));
}

}  // namespace
}  // namespace poly::packages
