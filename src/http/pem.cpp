#include "http/pem.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace poly::http {
namespace {

struct FreeBio {
  void operator()(BIO* memory) const { BIO_free(memory); }
};

std::unique_ptr<BIO, FreeBio> reader_of(std::string_view text) {
  return std::unique_ptr<BIO, FreeBio>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// In the place of the question that OpenSSL would put to the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

void FreeCertificate::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

Result<PrivateKey> read_private_key(std::string_view pem) {
  const auto reader = reader_of(pem);
  PrivateKey key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) return fail(ErrorKind::bad_request, "not a private key in PEM without a passphrase");
  return key;
}

Result<std::vector<Certificate>> read_certificates(std::string_view pem) {
  const auto reader = reader_of(pem);
  std::vector<Certificate> found;
  while (Certificate next{PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr)})
    found.push_back(std::move(next));
  ERR_clear_error();
  if (found.empty()) return fail(ErrorKind::bad_request, "not a certificate in PEM");
  return found;
}

}  // namespace poly::http
