#include "outbound/jwt_assertion.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "base/json.hpp"

namespace poly::outbound {
namespace {

const Timestamp now = parse_iso("2024-05-01T12:00:00.700Z").value();

std::string pem_of(EVP_PKEY* key) {
  auto* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

struct Key {
  explicit Key(EVP_PKEY* made) : key(made), pem(pem_of(made)) {}
  ~Key() { EVP_PKEY_free(key); }
  EVP_PKEY* key;
  std::string pem;
};

std::string bytes_of(std::string_view base64url) {
  std::string bytes(base64url.size(), '\0');
  std::size_t size = 0;
  EXPECT_EQ(
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), base64url.data(),
                        base64url.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
      0);
  bytes.resize(size);
  return bytes;
}

std::string sign(const Key& key, std::string_view algorithm) {
  return sign_assertion({.issuer = "me", .subject = "user", .audience = "https://login", .id = "17"},
                        {algorithm, key.pem, "key-1"}, now)
      .value();
}

std::vector<unsigned char> der_of(const std::string& halves) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(halves.data());
  const auto part = static_cast<int>(halves.size() / 2);
  auto* signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, BN_bin2bn(bytes, part, nullptr), BN_bin2bn(bytes + part, part, nullptr));
  unsigned char* der = nullptr;
  const auto size = i2d_ECDSA_SIG(signature, &der);
  std::vector<unsigned char> out(der, der + size);
  OPENSSL_free(der);
  ECDSA_SIG_free(signature);
  return out;
}

bool verifies(const std::string& token, EVP_PKEY* key, const EVP_MD* hash, bool pss, bool curve) {
  const auto dot = token.rfind('.');
  const auto signature = bytes_of(std::string_view(token).substr(dot + 1));
  const auto raw = curve ? der_of(signature) : std::vector<unsigned char>(signature.begin(), signature.end());
  auto* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* settings = nullptr;
  EVP_DigestVerifyInit(context, &settings, hash, nullptr, key);
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
  }
  const auto verdict = EVP_DigestVerify(context, raw.data(), raw.size(),
                                        reinterpret_cast<const unsigned char*>(token.data()), dot);
  EVP_MD_CTX_free(context);
  return verdict == 1;
}

TEST(JwtAssertion, SaysWhoAsksForHowLong) {
  const Key key(EVP_RSA_gen(2048));
  const auto token = sign(key, "RS256");
  const auto dot = token.find('.');
  EXPECT_EQ(parse_json(bytes_of(std::string_view(token).substr(0, dot)), "header").value(),
            parse_json(R"({"alg":"RS256","typ":"JWT","kid":"key-1"})", "x").value());
  const auto body = std::string_view(token).substr(dot + 1, token.rfind('.') - dot - 1);
  EXPECT_EQ(
      parse_json(bytes_of(body), "body").value(),
      parse_json(
          R"({"iss":"me","sub":"user","aud":"https://login","jti":"17","iat":1714564800,"exp":1714565100})",
          "x")
          .value());
}

TEST(JwtAssertion, IsSignedSoThatThePublicKeyVerifiesIt) {
  const Key rsa(EVP_RSA_gen(2048)), p256(EVP_EC_gen("P-256")), p384(EVP_EC_gen("P-384")),
      p521(EVP_EC_gen("P-521"));
  const Key ed25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  EXPECT_TRUE(verifies(sign(rsa, "RS256"), rsa.key, EVP_sha256(), false, false));
  EXPECT_TRUE(verifies(sign(rsa, "RS512"), rsa.key, EVP_sha512(), false, false));
  EXPECT_TRUE(verifies(sign(rsa, "PS256"), rsa.key, EVP_sha256(), true, false));
  EXPECT_TRUE(verifies(sign(p256, "ES256"), p256.key, EVP_sha256(), false, true));
  EXPECT_TRUE(verifies(sign(p384, "ES384"), p384.key, EVP_sha384(), false, true));
  EXPECT_TRUE(verifies(sign(p521, "ES512"), p521.key, EVP_sha512(), false, true));
  EXPECT_TRUE(verifies(sign(ed25519, "EdDSA"), ed25519.key, nullptr, false, false));
}

TEST(JwtAssertion, RefusesKeysAndAlgorithmsThatDoNotFitAndRepeatsNoKey) {
  const Key rsa(EVP_RSA_gen(2048)), p256(EVP_EC_gen("P-256"));
  const auto problem = [](std::string_view algorithm, std::string_view pem) {
    return sign_assertion({}, {algorithm, pem, ""}, now).error().message;
  };
  EXPECT_EQ(problem("ES384", p256.pem), "privateKey: not a key for ES384");
  EXPECT_EQ(problem("RS256", p256.pem), "privateKey: not a key for RS256");
  EXPECT_EQ(problem("none", rsa.pem), "'none' is no algorithm of a signature");
  EXPECT_EQ(problem("RS256", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"),
            "privateKey: not a private key in PEM without a passphrase");
}

}  // namespace
}  // namespace poly::outbound
