#include "outbound/jwt_assertion.hpp"

#include <memory>
#include <vector>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "base/json.hpp"
#include "http/pem.hpp"

namespace poly::outbound {
namespace {

using Bytes = std::vector<unsigned char>;

std::string to_base64url(const unsigned char* bytes, std::size_t size) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(size, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes, size, variant);
  text.pop_back();  // the zero at the end
  return text;
}

std::string to_base64url(std::string_view text) {
  return to_base64url(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

// RFC 7518, section 3.1, and RFC 8037.
struct Algorithm {
  std::string_view name;
  int key_type;
  const EVP_MD* (*hash)();     // null: the signature does it itself
  bool pss = false;            // RSA with random padding
  std::size_t part_bytes = 0;  // elliptic curves: of each half of the signature
};

constexpr Algorithm algorithms[] = {
    {"RS256", EVP_PKEY_RSA, EVP_sha256},           {"RS384", EVP_PKEY_RSA, EVP_sha384},
    {"RS512", EVP_PKEY_RSA, EVP_sha512},           {"PS256", EVP_PKEY_RSA, EVP_sha256, true},
    {"PS384", EVP_PKEY_RSA, EVP_sha384, true},     {"PS512", EVP_PKEY_RSA, EVP_sha512, true},
    {"ES256", EVP_PKEY_EC, EVP_sha256, false, 32}, {"ES384", EVP_PKEY_EC, EVP_sha384, false, 48},
    {"ES512", EVP_PKEY_EC, EVP_sha512, false, 66}, {"EdDSA", EVP_PKEY_ED25519, nullptr},
};

const Algorithm* find_algorithm(std::string_view name) {
  for (const auto& algorithm : algorithms) {
    if (algorithm.name == name) return &algorithm;
  }
  return nullptr;
}

bool fits(const Algorithm& algorithm, EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) != algorithm.key_type) return false;
  const auto bytes = static_cast<std::size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
  return algorithm.part_bytes == 0 || bytes == algorithm.part_bytes;
}

// OpenSSL gives the two halves in DER; a JWT has them one after the other (RFC 7518, section 3.4).
Bytes halves_of(const Bytes& der, std::size_t part_bytes) {
  const auto* start = der.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(der.size())), ECDSA_SIG_free);
  CHECK(signature);
  Bytes halves(2 * part_bytes);
  const auto size = static_cast<int>(part_bytes);
  CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), halves.data(), size) == size);
  CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), halves.data() + part_bytes, size) == size);
  return halves;
}

// Empty when OpenSSL refuses, as it does for an RSA key that is too short.
Bytes signature_of(const Algorithm& algorithm, EVP_PKEY* key, std::string_view text) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* settings = nullptr;
  const auto* hash = algorithm.hash ? algorithm.hash() : nullptr;
  if (EVP_DigestSignInit(context.get(), &settings, hash, nullptr, key) != 1) return {};
  if (algorithm.pss && (EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) != 1 ||
                        EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return {};
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) return {};
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, bytes, text.size()) != 1) return {};
  signature.resize(size);
  return algorithm.part_bytes > 0 ? halves_of(signature, algorithm.part_bytes) : signature;
}

}  // namespace

Result<std::string> sign_assertion(const AssertionClaims& claims, const AssertionKey& key, Timestamp now) {
  const auto* algorithm = find_algorithm(key.algorithm);
  if (!algorithm)
    return fail(ErrorKind::bad_request,
                "'" + std::string(key.algorithm) + "' is no algorithm of a signature");
  const auto private_key = http::read_private_key(key.private_key);
  if (!private_key) return fail(ErrorKind::bad_request, "privateKey: " + private_key.error().message);
  if (!fits(*algorithm, private_key->get()))
    return fail(ErrorKind::bad_request, "privateKey: not a key for " + std::string(algorithm->name));

  JsonObject header{{"alg", algorithm->name}, {"typ", "JWT"}};
  if (!key.id.empty()) header["kid"] = key.id;
  const auto issued = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  JsonObject body{{"iss", claims.issuer},
                  {"aud", claims.audience},
                  {"jti", claims.id},
                  {"iat", issued.count()},
                  {"exp", (issued + claims.lifetime).count()}};
  if (!claims.subject.empty()) body["sub"] = claims.subject;

  auto token = to_base64url(to_text(header)) + "." + to_base64url(to_text(body));
  const auto signature = signature_of(*algorithm, private_key->get(), token);
  ERR_clear_error();
  if (signature.empty())
    return fail(ErrorKind::bad_request, "privateKey: cannot sign with " + std::string(algorithm->name));
  return token.append(".").append(to_base64url(signature.data(), signature.size()));
}

}  // namespace poly::outbound
