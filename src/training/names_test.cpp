#include "training/names.hpp"

#include <gtest/gtest.h>

namespace poly::training {
namespace {

TEST(Names, WordsBecomeCamelCaseAndKeepTheirInnerCapitals) {
  EXPECT_EQ(camel_case("X-GitHub-Api-Version"), "xGitHubApiVersion");
  EXPECT_EQ(camel_case("list-for-org"), "listForOrg");
  EXPECT_EQ(camel_case("per_page"), "perPage");
  EXPECT_EQ(camel_case("filter[status]"), "filterStatus");
  EXPECT_EQ(camel_case("listPets"), "listPets");
  EXPECT_EQ(camel_case("Code Scanning"), "codeScanning");
}

TEST(Names, ARunOfCapitalsStartsSmallAsAWhole) {
  EXPECT_EQ(camel_case("APIKey"), "apiKey");
  EXPECT_EQ(camel_case("API"), "api");
  EXPECT_EQ(camel_case("X-Api-Key"), "xApiKey");
  EXPECT_EQ(camel_case("ID"), "id");
}

TEST(Names, ADigitInFrontGetsAnUnderscore) {
  EXPECT_EQ(camel_case("3d-model"), "_3dModel");
  EXPECT_EQ(pascal_case("3d-model"), "_3dModel");
}

TEST(Names, NothingIsLeftOfOtherAlphabets) {
  EXPECT_EQ(camel_case("名前"), "");
  EXPECT_EQ(camel_case("größe"), "grE");
}

TEST(Names, SchemasArePascalCase) {
  EXPECT_EQ(pascal_case("simple-user"), "SimpleUser");
  EXPECT_EQ(pascal_case("foo.Bar_baz"), "FooBarBaz");
}

TEST(Names, AnOperationIdLosesTheTagThatItRepeats) {
  EXPECT_EQ(without_tag("repos/list-for-org", "repos"), "list-for-org");
  EXPECT_EQ(without_tag("Pets.delete", "pets"), "delete");
  EXPECT_EQ(without_tag("pets_get", "pets"), "get");
  EXPECT_EQ(without_tag("petsGet", "pets"), "petsGet");
  EXPECT_EQ(without_tag("api-insights/get", "orgs"), "api-insights/get");
  EXPECT_EQ(without_tag("pets/", "pets"), "pets/");
}

TEST(Names, TakenNamesGetTheNextNumberWhateverTheirCase) {
  NameClaims names;
  EXPECT_EQ(names.claim("page"), "page");
  EXPECT_EQ(names.claim("page"), "page2");
  EXPECT_EQ(names.claim("Page"), "Page3");
  EXPECT_EQ(names.claim("page2"), "page22");
}

TEST(Names, LongNamesLeaveRoomForANumber) {
  NameClaims names;
  const auto name = camel_case(std::string(300, 'a'));
  names.claim(name);
  EXPECT_LE(names.claim(name).size(), 200u);
}

}  // namespace
}  // namespace poly::training
