// The facts are the examples that AWS publishes: "aws-sig-v4-test-suite", the IAM example of "Create a signed
// AWS API request", and "Authenticating Requests: Using the Authorization Header" of Amazon S3.
#include "outbound/aws_signature.hpp"

#include <gtest/gtest.h>

namespace poly::outbound {
namespace {

constexpr auto suite_time = "2015-08-30T12:36:00Z";
constexpr auto empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

spec::AwsSettings suite_keys(std::string service = "service") {
  return {.access_key = "AKIDEXAMPLE",
          .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          .session_token = {},
          .region = "us-east-1",
          .service = std::move(service)};
}

spec::AwsSettings s3_keys() {
  return {.access_key = "AKIAIOSFODNN7EXAMPLE",
          .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          .session_token = {},
          .region = "us-east-1",
          .service = "s3"};
}

http::ClientRequest request_to(std::string_view url, http::Method method = http::Method::get) {
  http::ClientRequest request;
  request.method = method;
  request.url = http::parse_url(url).value();
  return request;
}

std::string signature_of(http::ClientRequest request, const spec::AwsSettings& keys, const char* time) {
  sign_for_aws(request, keys, parse_iso(time).value());
  const std::string proof(request.headers.get("Authorization"));
  return proof.substr(proof.find("Signature=") + 10);
}

std::string of_suite(http::ClientRequest request) {
  return signature_of(std::move(request), suite_keys(), suite_time);
}

TEST(AwsSignature, IsThatOfThePublishedSuite) {
  EXPECT_EQ(of_suite(request_to("https://example.amazonaws.com/")),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  EXPECT_EQ(of_suite(request_to("https://example.amazonaws.com/", http::Method::post)),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  EXPECT_EQ(of_suite(request_to("https://example.amazonaws.com/?Param2=value2&Param1=value1")),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  auto form = request_to("https://example.amazonaws.com/", http::Method::post);
  form.headers.add("Content-Type", "application/x-www-form-urlencoded");
  form.body = "Param1=value1";
  EXPECT_EQ(of_suite(std::move(form)), "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

TEST(AwsSignature, IsThatOfTheIamExample) {
  auto request = request_to("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  sign_for_aws(request, suite_keys("iam"), parse_iso(suite_time).value());
  EXPECT_EQ(request.headers.get("Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(AwsSignature, IsThatOfTheExamplesOfS3) {
  constexpr auto time = "2013-05-24T00:00:00Z";
  auto get = request_to("https://examplebucket.s3.amazonaws.com/test.txt");
  get.headers.add("Range", "bytes=0-9");
  EXPECT_EQ(signature_of(std::move(get), s3_keys(), time),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  auto put = request_to("https://examplebucket.s3.amazonaws.com/test$file.text", http::Method::put);
  put.headers.add("Date", "Fri, 24 May 2013 00:00:00 GMT");
  put.headers.add("x-amz-storage-class", "REDUCED_REDUNDANCY");
  put.body = "Welcome to Amazon S3.";
  EXPECT_EQ(signature_of(std::move(put), s3_keys(), time),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  EXPECT_EQ(signature_of(request_to("https://examplebucket.s3.amazonaws.com/?lifecycle"), s3_keys(), time),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(signature_of(request_to("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J"), s3_keys(),
                         time),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(AwsSignature, SignsThePathThatIsSentAndForOthersThanS3ItsEncoding) {
  auto request = request_to("https://example.amazonaws.com/a%20b/x%2fy/(z)");
  sign_for_aws(request, suite_keys(), parse_iso(suite_time).value());
  EXPECT_EQ(request.url.target, "/a%20b/x%2Fy/%28z%29");
  EXPECT_TRUE(aws_canonical_request(request, "service", empty_hash)
                  .starts_with("GET\n/a%2520b/x%252Fy/%2528z%2529\n"));
  EXPECT_TRUE(aws_canonical_request(request, "s3", empty_hash).starts_with("GET\n/a%20b/x%2Fy/%28z%29\n"));
}

TEST(AwsSignature, OrdersTheQueryByItsEncodedTextAndKeepsWhatStandsTwice) {
  const auto request = request_to("https://example.amazonaws.com/?b=2&a=z&a=%2B&a-b&empty=&a=a%20c");
  EXPECT_TRUE(aws_canonical_request(request, "service", empty_hash)
                  .starts_with("GET\n/\na=%2B&a=a%20c&a=z&a-b=&b=2&empty=\n"));
}

TEST(AwsSignature, WritesHeadersInLowerCaseWithSingleSpaces) {
  auto request = request_to("https://example.amazonaws.com:8443/");
  request.headers = {
      {"My-Header1", "  a   b  "}, {"User-Agent", "x"}, {"my-header1", "c"}, {"Content-Length", "3"}};
  EXPECT_EQ(aws_canonical_request(request, "service", empty_hash),
            std::string("GET\n/\n\nhost:example.amazonaws.com:8443\nmy-header1:a b,c\n\nhost;my-header1\n") +
                empty_hash);
}

TEST(AwsSignature, CarriesTheTokenOfASession) {
  auto keys = suite_keys();
  keys.session_token = "session";
  auto request = request_to("https://example.amazonaws.com/");
  sign_for_aws(request, keys, parse_iso(suite_time).value());
  EXPECT_EQ(request.headers.get("X-Amz-Security-Token"), "session");
  EXPECT_NE(request.headers.get("Authorization").find("SignedHeaders=host;x-amz-date;x-amz-security-token,"),
            std::string_view::npos);
}

}  // namespace
}  // namespace poly::outbound
