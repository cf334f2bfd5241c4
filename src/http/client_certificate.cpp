#include "http/client_certificate.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace poly::http {
namespace {

// Of the whole chain, since that is what the other side is shown.
std::string fingerprint_of(const std::vector<Certificate>& chain) {
  std::string fingerprint;
  for (const auto& certificate : chain) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    CHECK(X509_digest(certificate.get(), EVP_sha256(), bytes, &size) == 1);
    fingerprint.append(reinterpret_cast<const char*>(bytes), size);
  }
  return fingerprint;
}

}  // namespace

Result<std::shared_ptr<const ClientCertificate>> ClientCertificate::read(std::string_view certificates,
                                                                         std::string_view private_key) {
  auto chain = read_certificates(certificates);
  if (!chain) return fail(ErrorKind::bad_request, "the client certificate: " + chain.error().message);
  auto key = read_private_key(private_key);
  if (!key) return fail(ErrorKind::bad_request, "the key of the client certificate: " + key.error().message);
  const bool fits = X509_check_private_key(chain->front().get(), key->get()) == 1;
  ERR_clear_error();
  if (!fits) return fail(ErrorKind::bad_request, "the key is not the one of the client certificate");
  auto fingerprint = fingerprint_of(*chain);
  return std::shared_ptr<const ClientCertificate>(
      new ClientCertificate(std::move(*chain), std::move(*key), std::move(fingerprint)));
}

void ClientCertificate::use_in(ssl_st* session) const {
  CHECK(SSL_use_certificate(session, chain_.front().get()) == 1);
  CHECK(SSL_use_PrivateKey(session, key_.get()) == 1);
  for (std::size_t i = 1; i < chain_.size(); ++i) CHECK(SSL_add1_chain_cert(session, chain_[i].get()) == 1);
}

}  // namespace poly::http
