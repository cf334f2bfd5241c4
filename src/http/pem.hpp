// Private keys and certificates in PEM, as people keep them in variables.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/error.hpp"

struct evp_pkey_st;
struct x509_st;

namespace poly::http {

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
};
using PrivateKey = std::unique_ptr<evp_pkey_st, FreeKey>;

struct FreeCertificate {
  void operator()(x509_st* certificate) const;
};
using Certificate = std::unique_ptr<x509_st, FreeCertificate>;

// Each error is a bad_request that says what was expected and nothing of the text. A key with a passphrase is
// refused: nobody is there to type it.
Result<PrivateKey> read_private_key(std::string_view pem);
// All certificates of the text, one at least.
Result<std::vector<Certificate>> read_certificates(std::string_view pem);

}  // namespace poly::http
