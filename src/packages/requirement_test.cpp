#include "packages/requirement.hpp"

#include <gtest/gtest.h>

#include "packages/installer.hpp"

namespace poly::packages {
namespace {

using spec::Language;

TEST(Requirement, HasANameAndTheVersionThatItsToolTakes) {
  using R = Requirement;
  EXPECT_EQ(parse_requirement(Ecosystem::npm, "lodash"), (R{"lodash", ""}));
  EXPECT_EQ(parse_requirement(Ecosystem::npm, "lodash@^4.17"), (R{"lodash", "^4.17"}));
  EXPECT_EQ(parse_requirement(Ecosystem::npm, "@scope/a.b@>=1 <3 || 5.x"),
            (R{"@scope/a.b", ">=1 <3 || 5.x"}));
  EXPECT_EQ(parse_requirement(Ecosystem::npm, "typescript@next"), (R{"typescript", "next"}));
  EXPECT_EQ(parse_requirement(Ecosystem::pip, "PyYAML"), (R{"pyyaml", ""}));
  EXPECT_EQ(parse_requirement(Ecosystem::pip, "Foo_Bar [a, b] >= 1.0, < 2"), (R{"foo-bar[a,b]", ">=1.0,<2"}));
  EXPECT_EQ(parse_requirement(Ecosystem::maven, "com.google.code.gson:gson:2.10.1"),
            (R{"com.google.code.gson:gson", "2.10.1"}));
}

TEST(Requirement, IsAPackageOfARegistryAndNothingElse) {
  for (const std::string text : {"", "-g", "--prefix=/", "../folder", "/folder", "a/b", "@a", "a@file:../x",
                                 "a@/etc", "a@git+ssh://host/x", "a@npm:b@1", "https://host/a.tgz",
                                 "a@https://host/a.tgz", "a b", "a@-1", ".a", "a\nb", "a@1\n"}) {
    EXPECT_FALSE(parse_requirement(Ecosystem::npm, text)) << text;
  }
  for (const std::string text :
       {"", "-r list.txt", "--index-url=x", "./folder", "/folder.whl", "a @ file:///etc", "a;os_name=='nt'",
        "git+ssh://host/x", "a==1\n--pre", "a=1", "a 1"}) {
    EXPECT_FALSE(parse_requirement(Ecosystem::pip, text)) << text;
  }
  for (const std::string text : {"", "a:b", "a:b:c:d", "a:b:1</version>", "a:b:${x}"}) {
    EXPECT_FALSE(parse_requirement(Ecosystem::maven, text)) << text;
  }
}

TEST(Requirement, IsNamedOnceOrRefused) {
  const auto all = requirements_from(Ecosystem::npm, {"b", "a@1", "b"});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].text(Ecosystem::npm), "a@1");
  EXPECT_EQ(all[1].text(Ecosystem::npm), "b");
  try {
    requirements_from(Ecosystem::pip, {"Foo==1", "foo==2"});
    ADD_FAILURE() << "two versions were taken";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().kind, ErrorKind::bad_request);
    EXPECT_NE(failure.error().message.find("'foo' is required twice"), std::string::npos) << failure.what();
  }
}

TEST(LayerHash, FollowsContentEngineAndKindAndNothingElse) {
  const Lock lock{"text", {"a 1 sha"}, {"a@1"}};
  const auto hash = layer_hash(Ecosystem::npm, "abi1", lock);
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(layer_hash(Ecosystem::npm, "abi1", {"other text", {"a 1 sha"}, {}}), hash);
  EXPECT_NE(layer_hash(Ecosystem::npm, "abi2", lock), hash);
  EXPECT_NE(layer_hash(Ecosystem::pip, "abi1", lock), hash);
  EXPECT_NE(layer_hash(Ecosystem::npm, "abi1", {"text", {"a 1 sho"}, {"a@1"}}), hash);
}

}  // namespace
}  // namespace poly::packages
