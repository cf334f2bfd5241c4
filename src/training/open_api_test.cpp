#include "training/open_api.hpp"

#include <gtest/gtest.h>

#include "training/document_text.hpp"
#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(OpenApiDocument, SaysWhatItIsWhenItIsNotOpenApi3) {
  EXPECT_EQ(
      error_of_training("swagger: '2.0'\n"),
      "This is not an OpenAPI 3.0 or 3.1 document: it is a Swagger 2.0 document, which is not supported; "
      "convert it to OpenAPI 3 first");
  EXPECT_EQ(error_of_training("a: 1\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: it has no `openapi` field");
  EXPECT_EQ(error_of_training("[]"),
            "This is not an OpenAPI 3.0 or 3.1 document: it is one array, not an object");
  EXPECT_EQ(error_of_training("openapi: 3.0.0\ninfo: {}\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: `paths` is missing");
  EXPECT_EQ(error_of_training("openapi: 3.1.0\npaths: {}\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: `info` is missing");
  EXPECT_EQ(error_of_training("openapi: 4.0.0\n"),
            "This is not an OpenAPI 3.0 or 3.1 document: version '4.0.0' is not supported");
  EXPECT_TRUE(error_of_training("openapi: 3.1\n").contains("put it in quotes"));
  EXPECT_TRUE(error_of_training("openapi: 3.1.0\ninfo: {}\npaths: []\n")
                  .contains("`paths` must be an object, got array"));
  EXPECT_TRUE(error_of_training("asyncapi: 2.0.0\n").contains("AsyncAPI"));
  EXPECT_TRUE(
      error_of_training(R"({"info":{"schema":"https://schema.getpostman.com/x"}})").contains("Postman"));
}

TEST(OpenApiOptions, AreCheckedBeforeAnythingElse) {
  EXPECT_TRUE(error_of_training("", {.context = "a b"}).starts_with("context: 'a b'"));
  EXPECT_EQ(error_of_training("", {.host_url = "localhost"}),
            "hostUrl: 'localhost' is not an http or https URL");
  EXPECT_EQ(error_of_training("", {.host_url_as_argument = "a-b"}),
            "hostUrlAsArgument: 'a-b' is no name for an argument");
}

constexpr auto ping = "openapi: 3.0.0\ninfo: {title: t}\npaths: {/ping: {get: {responses: {}}}}\n";

std::string ping_url(const std::string& servers, OpenApiOptions options = {}) {
  return trained(ping + servers, options).functions.at(0).source.url;
}

TEST(Servers, TheFirstOneIsTheHost) {
  EXPECT_EQ(ping_url("servers: [{url: 'https://a.example/v1/'}, {url: 'https://b.example'}]"),
            "https://a.example/v1/ping");
}

TEST(Servers, AHostOfTheOptionsReplacesAnAbsoluteServerAndPrecedesARelativeOne) {
  const OpenApiOptions local{.host_url = "http://localhost:4010/"};
  EXPECT_EQ(ping_url("servers: [{url: 'https://a.example/v1'}]", local), "http://localhost:4010/ping");
  EXPECT_EQ(ping_url("servers: [{url: /v1}]", local), "http://localhost:4010/v1/ping");
  EXPECT_EQ(ping_url("", local), "http://localhost:4010/ping");
}

TEST(Servers, TheHostCanBeTheFirstArgument) {
  const auto input = trained(std::string(ping) + "servers: [{url: /v1}]", {.host_url_as_argument = ""});
  EXPECT_EQ(input.functions[0].source.url, "{{hostUrl}}/v1/ping");
  EXPECT_EQ(signature_of(input.functions[0]), "hostUrl");
  EXPECT_EQ(ping_url("", {.host_url_as_argument = "base"}), "{{base}}/ping");
}

TEST(Servers, AnUnknownHostIsAnErrorThatSaysWhatToDo) {
  EXPECT_EQ(error_of_training(ping), "the document names no host; give a host URL, or make it an argument");
  EXPECT_EQ(
      error_of_training(std::string(ping) + "servers: [{url: /v1}]"),
      "the document names no host: its server '/v1' is only a path; give a host URL, or make it an argument");
  EXPECT_EQ(error_of_training(std::string(ping) + "servers: [{url: 'https://{x}.example'}]"),
            "server variable 'x' has no default; give a host URL");
  EXPECT_TRUE(
      error_of_training(std::string(ping) + "servers: [{url: 'ws://a'}]").contains("neither an http"));
}

TEST(Operations, TakenNamesGetANumberInTheOrderOfTheDocument) {
  const auto input =
      trained(with_head("paths:\n"
                        "  /a: {get: {operationId: list_all}, post: {operationId: listAll}}\n"
                        "  /b: {get: {operationId: pets}, put: {tags: [pets], operationId: x}}\n"));
  std::vector<std::string> names;
  for (const auto& function : input.functions) names.push_back(function.head.path());
  EXPECT_EQ(names, (std::vector<std::string>{"test.listAll", "test.listAll2", "test.pets2", "test.pets.x"}));
}

TEST(Operations, SummaryAndDescriptionAreBothKeptUpToALimit) {
  EXPECT_EQ(trained_operation("summary: Run, description: It runs.").functions[0].head.description,
            "Run\n\nIt runs.");
  EXPECT_EQ(trained_operation("summary: Run, description: Run it.").functions[0].head.description, "Run it.");
  std::string text;
  while (text.size() < 9'000) text += "é";
  const auto cut = trained_operation("summary: " + text).functions[0].head.description;
  EXPECT_LE(cut.size(), 8u * 1024);
  EXPECT_TRUE(cut.ends_with("é…"));
}

TEST(Operations, MembersOfAWrongKindAreNamed) {
  EXPECT_EQ(refusal(trained_operation("parameters: {a: 1}")), "`parameters` must be a list, got object");
  EXPECT_EQ(refusal(trained_operation("responses: []")), "`responses` must be an object, got array");
  EXPECT_EQ(refusal(trained_operation("deprecated: yes")), "`deprecated` must be true or false, got string");
  EXPECT_EQ(refusal(trained(with_head("paths: {/x: {get: 3}, /y: }"))), "the operation is not an object");
  EXPECT_EQ(refusal(trained_operation("parameters: , responses: ")), "");
}

TEST(References, OneOutsideTheDocumentRefusesOnlyItsOperation) {
  const auto input =
      trained(with_head("paths:\n"
                        "  /a: {get: {parameters: [{$ref: 'other.yaml#/Limit'}]}}\n"
                        "  /b: {get: {operationId: fine}}\n"
                        "  /c: {$ref: 'https://x.example/c.yaml'}\n"));
  EXPECT_EQ(input.functions.size(), 1u);
  EXPECT_EQ(input.report->operations, 3);
  EXPECT_EQ(
      input.report->refused,
      (std::vector<Remark>{
          {"GET", "/a",
           "`$ref` 'other.yaml#/Limit' lies outside this document; put what it names into the document"},
          {"*", "/c",
           "`$ref` 'https://x.example/c.yaml' lies outside this document; put what it names into the "
           "document"}}));
}

TEST(References, EscapesAndPercentCodesOfPointersAreRead) {
  const auto input = trained(with_head(
      "paths:\n"
      "  /a/{id}: {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {$ref: "
      "'#/paths/~1b/get/responses/200/content/application~1json/schema'}}]}}\n"
      "  /b: {get: {operationId: b, responses: {200: {content: {application/json: {schema: {type: string, "
      "enum: [x]}}}}}}}\n"
      "  /c: {$ref: '#/paths/~1a~1%7Bid%7D'}\n"));
  EXPECT_EQ(refusal(input), "");
  ASSERT_EQ(input.schemas.size(), 1u);
  EXPECT_EQ(argument_of(function_at(input, "test.a"), "id").type_schema.text,
            R"({"x-poly-ref":{"path":"test.)" + input.schemas[0].head.name + R"("}})");
}

TEST(References, CirclesOfBareReferencesAreRefused) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}");
  EXPECT_TRUE(refusal(input).contains("leads in a circle")) << refusal(input);
  EXPECT_TRUE(input.schemas.empty());
}

TEST(References, ABrokenSchemaFarAwayRefusesTheOperationThatReachesIt) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {properties: {b: {$ref: '#/components/schemas/B'}}}, B: {items: {$ref: 'x.json'}}}}");
  EXPECT_EQ(refusal(input),
            "schema B: `$ref` 'x.json' lies outside this document; put what it names into the document");
  EXPECT_TRUE(input.schemas.empty());
}

TEST(References, WhatIsNoJsonSchemaIsTakenAsAnythingWithAWarning) {
  const auto input = trained_operation(
      "parameters: [{name: f, in: query, schema: {type: file}}], "
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {type: objekt, properties: {b: {$ref: '#/components/schemas/B'}}}, B: {type: string}}}");
  EXPECT_EQ(refusal(input), "");
  EXPECT_EQ(argument_of(input.functions.at(0), "f").type, "any");
  ASSERT_EQ(input.schemas.size(), 1u);
  EXPECT_EQ(input.schemas[0].definition.text,
            R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})");
  ASSERT_EQ(input.report->warnings.size(), 2u);
  EXPECT_TRUE(input.report->warnings[0].reason.starts_with("a schema is taken as anything: "));
  EXPECT_TRUE(input.report->warnings[1].reason.starts_with("schema A is taken as anything: "));
}

TEST(References, ASchemaMayContainItself) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}",
      "{schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}]}}}");
  EXPECT_EQ(refusal(input), "");
  EXPECT_EQ(argument_of(input.functions[0], "body").type, "any");
  ASSERT_EQ(input.schemas.size(), 1u);
}

TEST(References, SchemasWithTheSameNameGetANumber) {
  const auto input = trained_operation(
      "requestBody: {content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/a-b'}, "
      "{$ref: '#/components/schemas/aB'}]}}}}",
      "{schemas: {a-b: {type: string}, aB: {type: number}}}");
  ASSERT_EQ(input.schemas.size(), 2u);
  EXPECT_EQ(input.schemas[0].head.name, "AB");
  EXPECT_EQ(input.schemas[1].head.name, "AB2");
}

std::string url_for(const std::string& path, const std::string& parameters) {
  const auto input = trained(with_head("paths: {'" + path + "': {get: {parameters: " + parameters + "}}}"));
  return input.functions.empty() ? refusal(input) : input.functions[0].source.url;
}

TEST(Parameters, FillTheHolesOfThePathWhereverTheyStand) {
  EXPECT_EQ(url_for("/c/{a}...{b}", "[{name: a, in: path}, {name: b, in: path}]"),
            "https://api.example/c/{{a}}...{{b}}");
  EXPECT_EQ(url_for("/s?action=x&id={id}", "[{name: id, in: path}, {name: q, in: query}]"),
            "https://api.example/s?action=x&id={{id}}&q={{q}}");
  EXPECT_EQ(url_for("/#Action=Run", "[]"), "https://api.example/");
}

TEST(Parameters, ThatDoNotFitThePathAreWarnedAbout) {
  const auto input = trained(with_head("paths: {'/a/{id}': {get: {parameters: [{name: other, in: path}]}}}"));
  EXPECT_EQ(signature_of(input.functions[0]), "id");
  EXPECT_EQ(input.report->warnings,
            (std::vector<Remark>{
                {"GET", "/a/{id}", "parameter 'other' is left out: the path does not name it"},
                {"GET", "/a/{id}", "the path names 'id' without a parameter: taken as required text"}}));
}

TEST(Parameters, ThatNoCallCanCarryRefuseTheOperation) {
  EXPECT_EQ(url_for("/a/{id", "[]"), "the braces of the path do not match");
  EXPECT_EQ(url_for("/a/{{id}}", "[]"), "the braces of the path do not match");
  EXPECT_EQ(url_for("/a b", "[]"), "source.url: 'https://api.example/a b' is not a URL");
  EXPECT_EQ(url_for("/a", "[{name: 'x y', in: header}]"), "header parameter 'x y' is no name of a header");
  EXPECT_EQ(url_for("/a", "[{name: x, in: body}]"),
            "parameter 'x' stands in 'body'; known are path, query, header and cookie");
  EXPECT_EQ(url_for("/a", "[{in: query}]"), "a parameter has no `name`");
}

TEST(Parameters, WithTheSameNameGetANumberAndPathParametersKeepTheirs) {
  const auto input =
      trained(with_head("paths: {'/a/{id}': {get: {parameters: [{name: id, in: query}, {name: ID, in: "
                        "header, required: true}, {name: id, in: path}]}}}"));
  EXPECT_EQ(signature_of(input.functions[0]), "id, id2?, id3");
  EXPECT_EQ(input.functions[0].source.url, "https://api.example/a/{{id}}?id={{id2}}");
}

TEST(Parameters, ThatWouldBreakTheQueryAreEncoded) {
  EXPECT_EQ(url_for("/a", "[{name: 'a&b={{c}}', in: query}, {name: '$top', in: query}]"),
            "https://api.example/a?a%26b%3D%7B%7Bc%7D%7D={{aBC}}&$top={{top}}");
}

TEST(Parameters, StylesAreKeptWhenTheyAreNotTheUsualOnes) {
  const auto input = trained(with_head(
      "paths: {'/a/{p}': {get: {parameters: [{name: p, in: path, style: matrix, schema: {type: array}}, "
      "{name: q, in: query, explode: false, schema: {type: array}}, {name: o, in: query, style: deepObject, "
      "explode: true, schema: {type: object}}, "
      "{name: r, in: query, style: form, explode: true, schema: {type: array}}, {name: j, in: query, "
      "content: {application/json: {schema: {type: object}}}}]}}}"));
  const auto& function = input.functions.at(0);
  EXPECT_EQ(argument_of(function, "p").serialization, (spec::Serialization{"matrix", false}));
  EXPECT_EQ(argument_of(function, "q").serialization, (spec::Serialization{"form", false}));
  EXPECT_EQ(argument_of(function, "o").serialization, (spec::Serialization{"deepObject", true}));
  EXPECT_EQ(argument_of(function, "r").serialization, std::nullopt);
  EXPECT_EQ(argument_of(function, "j").type, "string");
}

TEST(Bodies, AreOptionalUnlessTheDocumentSaysRequired) {
  const auto function = trained_operation("requestBody: {content: {application/json: {}}}").functions.at(0);
  EXPECT_EQ(signature_of(function), "body?");
  EXPECT_TRUE(function.arguments[0].remove_if_not_present);
  EXPECT_EQ(function.arguments[0].type, "any");
}

TEST(Bodies, KeepTheNameBodyAndParametersGiveWay) {
  const auto function = trained_operation(
                            "parameters: [{name: body, in: query}], requestBody: {required: true, content: "
                            "{application/json: {}}}")
                            .functions.at(0);
  EXPECT_EQ(signature_of(function), "body2?, body");
  EXPECT_EQ(function.source.url, "https://api.example/x?body={{body2}}");
}

TEST(Bodies, PreferJsonAndSayOtherMediaTypes) {
  const auto vendor =
      trained_operation(
          "requestBody: {content: {text/plain: {}, application/merge-patch+json: {schema: {type: object}}}}")
          .functions.at(0);
  EXPECT_EQ(vendor.source.body->language, "json");
  EXPECT_EQ(vendor.source.headers,
            (std::vector<spec::KeyValue>{{"Content-Type", "application/merge-patch+json", std::nullopt}}));
  const auto xml = trained_operation("requestBody: {content: {application/xml: {schema: {type: object}}}}")
                       .functions.at(0);
  EXPECT_EQ(xml.source.body->language, "xml");
  EXPECT_EQ(xml.arguments.at(0).type, "string");
  const auto anything =
      trained_operation("requestBody: {content: {'*/*': {schema: {type: string, format: binary}}}}")
          .functions.at(0);
  EXPECT_EQ(anything.source.body->mode, spec::BodyMode::file);
}

TEST(Bodies, OfFormsWithoutFieldsRefuseTheOperation) {
  EXPECT_EQ(
      refusal(trained_operation("requestBody: {content: {multipart/form-data: {schema: {type: object}}}}")),
      "its multipart/form-data body names no fields");
}

TEST(Bodies, OfOptionalFormsHaveOptionalFields) {
  const auto function = trained_operation(
                            "requestBody: {content: {application/x-www-form-urlencoded: {schema: {required: "
                            "[a], properties: {a: {type: array}, b: {}}}, "
                            "encoding: {a: {style: spaceDelimited, explode: false}}}}}")
                            .functions.at(0);
  EXPECT_EQ(signature_of(function), "a?, b?");
  EXPECT_EQ(function.arguments[0].serialization, (spec::Serialization{"spaceDelimited", false}));
}

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

const spec::ApiFunction returning(const std::string& responses) {
  return trained_operation("responses: {" + responses + "}").functions.at(0);
}

TEST(Responses, AreRankedBySuccess) {
  EXPECT_EQ(returning("default: {content: {application/json: {schema: {type: object}}}}, 202: {content: "
                      "{application/json: {schema: {type: string}}}}")
                .return_type,
            "string");
  EXPECT_EQ(returning("2XX: {content: {application/json: {schema: {type: number}}}}").return_type, "number");
  EXPECT_EQ(returning("default: {content: {application/json: {schema: {type: boolean}}}}").return_type,
            "boolean");
  EXPECT_EQ(returning("204: {}, 404: {content: {application/json: {schema: {type: string}}}}").return_type,
            "void");
  EXPECT_EQ(returning("302: {}").return_type, "void");
  EXPECT_EQ(returning("").return_type, "any");
  EXPECT_EQ(returning("200: {content: {application/hal+json: {schema: {type: object}}, text/html: {}}}")
                .source.headers,
            (std::vector<spec::KeyValue>{{"Accept", "application/hal+json", std::nullopt}}));
}

TEST(Responses, OfOtherStatusesEndAtTheirLimit) {
  std::string responses = "200: {}";
  for (int status = 400; status < 426; ++status) {
    responses += ", " + std::to_string(status) + ": {content: {application/json: {}}}";
  }
  const auto input = trained_operation("responses: {" + responses + "}");
  EXPECT_EQ(input.functions.at(0).other_return_types.size(), 24u);
  EXPECT_EQ(input.report->warnings.at(0).reason,
            "2 statuses are left out: at most 24 have types of their own");
}

TEST(Types, AreReadThroughReferencesAndParts) {
  const auto type_for = [](const std::string& schema) {
    return returning("200: {content: {application/json: {schema: " + schema + "}}}").return_type;
  };
  EXPECT_EQ(type_for("{allOf: [{description: x}, {type: object}]}"), "object");
  EXPECT_EQ(type_for("{oneOf: [{type: string}, {type: 'null'}]}"), "string");
  EXPECT_EQ(type_for("{anyOf: [{type: string}, {type: number}]}"), "any");
  EXPECT_EQ(type_for("{enum: [1, 2, null]}"), "number");
  EXPECT_EQ(type_for("{properties: {a: {}}}"), "object");
  EXPECT_EQ(type_for("{items: {}}"), "array");
  EXPECT_EQ(type_for("{}"), "any");
}

TEST(Truncation, EveryPrefixOfAJsonDocumentIsAnErrorAndNeverACrash) {
  const auto whole = file_text("examples/crm-to-marketing/upstreams/marketing.openapi.json");
  for (std::size_t part = 0; part < 50; ++part) {
    EXPECT_NE(error_of_training(whole.substr(0, whole.size() * part / 50)), "") << part << "/50";
  }
}

TEST(Truncation, EveryPrefixOfAYamlDocumentIsAnErrorOrSaysWhatIsMissing) {
  const auto whole = file_text("src/training/testdata/petstore.yaml");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const auto result = train_openapi(whole.substr(0, size), {.context = "shop"});
    if (!result) {
      EXPECT_FALSE(result.error().message.empty());
      continue;
    }
    EXPECT_EQ(result->functions.size() + result->webhooks.size() + result->report->refused.size(),
              static_cast<std::size_t>(result->report->operations));
  }
}

// Puts each of `others` in the place of every value of a tree, one at a time.
class Replacements {
 public:
  explicit Replacements(Json root) : root_(std::move(root)) {}

  template <class Visit>
  void each(Visit visit) {
    walk(root_, visit);
  }

 private:
  template <class Visit>
  void walk(Json& here, Visit& visit) {
    const Json others[] = {nullptr, 1, "text", JsonArray{"text"}, JsonObject{{"a", 1}}};
    auto original = std::move(here);
    here = others[count_++ % std::size(others)];
    visit(root_);
    here = std::move(original);
    if (auto* object = here.if_object()) {
      for (auto& member : *object) walk(member.value(), visit);
    } else if (auto* array = here.if_array()) {
      for (auto& item : *array) walk(item, visit);
    }
  }

  Json root_;
  std::size_t count_ = 0;
};

TEST(Robustness, AnyValueOfAWrongKindIsAnErrorOrARemarkAndNeverACrash) {
  Replacements replacements(
      value_or_throw(read_document(file_text("src/training/testdata/petstore.yaml"), {})));
  replacements.each([](const Json& document) {
    const auto result = train_openapi(to_text(document), {.context = "shop"});
    if (!result) {
      EXPECT_FALSE(result.error().message.empty());
      return;
    }
    EXPECT_EQ(result->functions.size() + result->webhooks.size() + result->report->refused.size(),
              static_cast<std::size_t>(result->report->operations));
  });
}

TEST(Demonstration, ItsTwoDocumentsBecomeTheFunctionsThatItCalls) {
  const auto crm =
      trained(file_text("examples/crm-to-marketing/upstreams/crm.openapi.yaml"), {.context = "crm"});
  EXPECT_EQ(crm.report->refused, std::vector<Remark>());
  EXPECT_EQ(crm.report->warnings, std::vector<Remark>());
  EXPECT_EQ(signature_of(function_at(crm, "crm.customers.listCustomers")),
            "status?, country?, page?, limit?, xApiKey");
  EXPECT_EQ(signature_of(function_at(crm, "crm.customers.getCustomer")), "customerId, xApiKey");
  const auto marketing = trained(file_text("examples/crm-to-marketing/upstreams/marketing.openapi.json"),
                                 {.context = "marketing"});
  EXPECT_EQ(marketing.report->refused, std::vector<Remark>());
  EXPECT_EQ(signature_of(function_at(marketing, "marketing.subscribers.createSubscriber")), "token, body");
}

}  // namespace
}  // namespace poly::training
