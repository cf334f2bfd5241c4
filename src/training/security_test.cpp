#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

const std::string schemes =
    "{securitySchemes: {key: {type: apiKey, in: query, name: key}, app: {type: apiKey, in: header, name: "
    "X-App}, "
    "jar: {type: apiKey, in: cookie, name: sid}, bearer: {type: http, scheme: Bearer}, basic: {type: http, "
    "scheme: basic}, "
    "digest: {type: http, scheme: digest}, tls: {type: mutualTLS}}}";

TEST(Security, TakesTheFirstAlternativeThatACallCanCarry) {
  const auto function =
      trained_operation("security: [{digest: []}, {tls: []}, {bearer: [], basic: []}, {bearer: []}]", schemes)
          .functions.at(0);
  EXPECT_EQ(signature_of(function), "token");
  EXPECT_EQ(refusal(trained_operation("security: [{digest: []}]", schemes)),
            "none of its security schemes is supported: known are http basic, http bearer, apiKey, oauth2 "
            "and openIdConnect");
  EXPECT_NE(refusal(trained_operation("security: [{nobody: []}]", schemes)), "");
}

TEST(Security, SeveralSchemesTogetherGoToDifferentPlaces) {
  const auto function =
      trained_operation("security: [{key: [], app: [], bearer: [], jar: []}]", schemes).functions.at(0);
  EXPECT_EQ(signature_of(function), "token, key, xApp, sid");
  EXPECT_EQ(function.source.auth->type, spec::AuthType::bearer);
  EXPECT_EQ(function.source.url, "https://api.example/x?key={{key}}");
  EXPECT_EQ(function.source.headers, (std::vector<spec::KeyValue>{{"X-App", "{{xApp}}", std::nullopt},
                                                                  {"Cookie", "sid={{sid}}", std::nullopt}}));
}

TEST(Security, ANameThatIsTakenGivesWayToTheNameOfTheScheme) {
  const auto function =
      trained_operation("parameters: [{name: token, in: query}], security: [{bearer: []}]", schemes)
          .functions.at(0);
  EXPECT_EQ(signature_of(function), "token?, bearer");
}

TEST(Security, IsOptionalWhenTheDocumentAllowsNoneOrNeverSays) {
  EXPECT_EQ(signature_of(trained_operation("security: [{basic: []}, {}]", schemes).functions.at(0)),
            "username?, password?");
  EXPECT_EQ(signature_of(trained_operation("summary: x", schemes).functions.at(0)), "key?");
  EXPECT_EQ(signature_of(trained_operation("security: []", schemes).functions.at(0)), "");
  EXPECT_EQ(signature_of(trained_operation("summary: x").functions.at(0)), "");
}

}  // namespace
}  // namespace poly::training
