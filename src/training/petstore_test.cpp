// One document that holds an operation for each rule of docs/training.md.
#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

class PetStore : public testing::Test {
 protected:
  SpecificationInput input_ = trained(file_text("src/training/testdata/petstore.yaml"), {.context = "shop"});
  const spec::ApiFunction& at(std::string_view path) const { return function_at(input_, path); }
};

TEST_F(PetStore, EveryOperationBecameAFunctionOrAWebhook) {
  EXPECT_EQ(input_.title, "Pet Store");
  EXPECT_EQ(input_.report->refused, std::vector<Remark>());
  EXPECT_EQ(input_.report->warnings, std::vector<Remark>());
  EXPECT_EQ(input_.report->operations, 10);
  EXPECT_EQ(input_.functions.size(), 8u);
  EXPECT_EQ(input_.webhooks.size(), 2u);
}

TEST_F(PetStore, ContextsComeFromTheFirstTagAndNamesFromTheOperationId) {
  std::vector<std::string> paths;
  for (const auto& function : input_.functions) paths.push_back(function.head.path());
  EXPECT_EQ(paths,
            (std::vector<std::string>{"shop.pets.list", "shop.pets.createPet", "shop.pets.getPetsByPetId",
                                      "shop.pets.delete", "shop.pets.putPhoto", "shop.pets.getPhoto",
                                      "shop.adopt", "shop.getToken"}));
  EXPECT_EQ(at("shop.pets.delete").head.state, spec::State::deprecated);
  EXPECT_EQ(at("shop.pets.list").head.description, "List pets");
}

TEST_F(PetStore, ParametersOfThePathItemAreOverriddenByThoseOfTheOperation) {
  const auto& list = at("shop.pets.list");
  EXPECT_EQ(signature_of(list), "limit, tag?, filterStatus?, xRequestID?, session?, xApiKey");
  EXPECT_EQ(
      list.source.url,
      "https://eu.pets.example/v1/pets?limit={{limit}}&tag={{tag}}&filter%5Bstatus%5D={{filterStatus}}");
  EXPECT_EQ(list.source.headers,
            (std::vector<spec::KeyValue>{{"X-Request-ID", "{{xRequestID}}", std::nullopt},
                                         {"Cookie", "session={{session}}", std::nullopt}}));
}

TEST_F(PetStore, ArgumentsSayTheirTypeAndVanishWhenTheyAreOptional) {
  const auto& list = at("shop.pets.list");
  EXPECT_EQ(argument_of(list, "limit").type, "integer");
  EXPECT_TRUE(argument_of(list, "limit").type_schema.empty());
  EXPECT_FALSE(argument_of(list, "limit").remove_if_not_present);
  const auto& tag = argument_of(list, "tag");
  EXPECT_EQ(tag.type, "array");
  EXPECT_EQ(tag.type_schema.text, R"({"type":"array","items":{"type":"string"}})");
  EXPECT_EQ(tag.serialization, (spec::Serialization{"pipeDelimited", false}));
  EXPECT_TRUE(tag.remove_if_not_present);
  const auto& status = argument_of(list, "filterStatus");
  EXPECT_EQ(status.type, "string");
  EXPECT_EQ(status.type_schema.text, R"({"x-poly-ref":{"path":"shop.PetStatus"}})");
  EXPECT_EQ(status.serialization, std::nullopt);
  EXPECT_EQ(argument_of(list, "xRequestID").description, "For the log.");
}

TEST_F(PetStore, CredentialsAreSecureArguments) {
  const auto& key = argument_of(at("shop.pets.list"), "xApiKey");
  EXPECT_TRUE(key.secure);
  EXPECT_EQ(key.description, "Ask the shelter.");
  EXPECT_EQ(at("shop.pets.list").source.auth,
            (spec::ApiAuth{.type = spec::AuthType::api_key,
                           .apikey = {{"key", "X-Api-Key", std::nullopt},
                                      {"value", "{{xApiKey}}", std::nullopt},
                                      {"in", "header", std::nullopt}}}));
  EXPECT_EQ(signature_of(at("shop.pets.getPetsByPetId")), "petId, token?");
  EXPECT_EQ(at("shop.pets.getPetsByPetId").source.auth->bearer,
            (std::vector<spec::KeyValue>{{"token", "{{token}}", std::nullopt}}));
  EXPECT_EQ(signature_of(at("shop.pets.delete")), "petId, username, password");
  EXPECT_EQ(at("shop.pets.delete").source.auth->type, spec::AuthType::basic);
  EXPECT_EQ(at("shop.pets.putPhoto").source.auth, std::nullopt);
}

TEST_F(PetStore, AJsonBodyIsOneArgument) {
  const auto& create = at("shop.pets.createPet");
  EXPECT_EQ(signature_of(create), "limit?, xRequestID?, xApiKey, body");
  const auto& body = argument_of(create, "body");
  EXPECT_EQ(body.type, "object");
  EXPECT_EQ(body.type_schema.text, R"({"x-poly-ref":{"path":"shop.Pet"}})");
  EXPECT_EQ(body.description, "The new pet.");
  EXPECT_EQ(create.source.body,
            (spec::ApiBody{.mode = spec::BodyMode::raw, .raw = "{{body}}", .language = "json"}));
}

TEST_F(PetStore, FormsHaveAnArgumentForEachField) {
  const auto& adopt = at("shop.adopt");
  EXPECT_EQ(signature_of(adopt), "petId, contract, payload2?, note?");
  EXPECT_TRUE(argument_of(adopt, "contract").payload);
  EXPECT_EQ(argument_of(adopt, "petId").description, "Which pet.");
  EXPECT_EQ(adopt.source.body->mode, spec::BodyMode::formdata);
  EXPECT_EQ(adopt.source.body->formdata, (std::vector<spec::KeyValue>{{"petId", "{{petId}}", "text"},
                                                                      {"contract", "{{contract}}", "file"},
                                                                      {"payload", "{{payload2}}", "text"},
                                                                      {"note", "{{note}}", "text"}}));
  EXPECT_EQ(adopt.return_type, "string");

  const auto& token = at("shop.getToken");
  EXPECT_EQ(token.source.url, "https://login.pets.example/token");
  EXPECT_EQ(signature_of(token), "grantType, scope?");
  EXPECT_EQ(token.source.body->urlencoded,
            (std::vector<spec::KeyValue>{{"grant_type", "{{grantType}}", std::nullopt},
                                         {"scope", "{{scope}}", std::nullopt}}));
}

TEST_F(PetStore, BytesTravelAsFiles) {
  const auto& put = at("shop.pets.putPhoto");
  EXPECT_EQ(put.source.body->mode, spec::BodyMode::file);
  EXPECT_EQ(argument_of(put, "body").type_schema.text, R"({"type":"string","format":"binary"})");
  EXPECT_EQ(put.source.headers, (std::vector<spec::KeyValue>{{"Content-Type", "image/png", std::nullopt}}));
  EXPECT_EQ(put.return_type, "void");
  EXPECT_EQ(at("shop.pets.getPhoto").return_type, "any");
  EXPECT_EQ(at("shop.pets.getPhoto").source.headers,
            (std::vector<spec::KeyValue>{{"Accept", "image/png", std::nullopt}}));
}

TEST_F(PetStore, TheFirstSuccessWithABodyIsTheResult) {
  const auto& create = at("shop.pets.createPet");
  EXPECT_EQ(create.return_type, "object");
  EXPECT_EQ(create.return_type_schema.text, R"({"x-poly-ref":{"path":"shop.Pet"}})");
  EXPECT_EQ(
      create.other_return_types,
      (std::vector<spec::OtherReturnType>{{"409", "object", {R"({"x-poly-ref":{"path":"shop.Problem"}})"}}}));
  EXPECT_EQ(at("shop.pets.list").other_return_types.front().status_code, "default");
}

TEST_F(PetStore, OnlySchemasThatAreUsedArePartOfTheResult) {
  std::vector<std::string> names;
  for (const auto& schema : input_.schemas) names.push_back(schema.head.path());
  EXPECT_EQ(names, (std::vector<std::string>{"shop.Adoption", "shop.Pet", "shop.PetStatus", "shop.Problem"}));
  EXPECT_EQ(input_.schemas[1].head.description, "An animal.");
  EXPECT_EQ(
      input_.schemas[1].definition.text,
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","description":"An animal.",)"
      R"("required":["name"],"properties":{"name":{"type":"string"},)"
      R"("status":{"x-poly-ref":{"path":"shop.PetStatus"},"description":"Where it is."},)"
      R"("mother":{"x-poly-ref":{"path":"shop.Pet"}}}})");
}

TEST_F(PetStore, WebhooksListenToTheEventsOfTheDocument) {
  const auto& adopted = input_.webhooks[0];
  EXPECT_EQ(adopted.head.path(), "shop.pets.petAdopted");
  EXPECT_EQ(adopted.head.description, "A pet found a home");
  EXPECT_EQ(adopted.method, "POST");
  EXPECT_EQ(adopted.subpath, "adopted/{petId}");
  EXPECT_EQ(adopted.response_status, 202);
  EXPECT_EQ(adopted.event_payload_type_schema.text, R"({"x-poly-ref":{"path":"shop.Adoption"}})");
  EXPECT_EQ(input_.webhooks[1].head.path(), "shop.ping");
  EXPECT_EQ(input_.webhooks[1].method, "GET");
  EXPECT_EQ(input_.webhooks[1].event_payload_type_schema.text, "{}");
}

TEST_F(PetStore, TheSameDocumentGivesTheSameResult) {
  EXPECT_EQ(input_, trained(file_text("src/training/testdata/petstore.yaml"), {.context = "shop"}));
}

}  // namespace
}  // namespace poly::training
