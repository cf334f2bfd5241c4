#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

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
  EXPECT_EQ(url_for("/a", "[{name: x, in: query, style: fancy}]"), "the style 'fancy' is not known");
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

}  // namespace
}  // namespace poly::training
