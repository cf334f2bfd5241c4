// What a client proves with who it is, to servers that ask for a certificate (mutual TLS).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/pem.hpp"

struct ssl_st;

namespace poly::http {

class ClientCertificate final {
 public:
  // The client's own certificate first, then those of its chain; the key must be the certificate's. Errors
  // are bad_request and say nothing of what the texts hold.
  static Result<std::shared_ptr<const ClientCertificate>> read(std::string_view certificates,
                                                               std::string_view private_key);

  // Two of the same fingerprint prove the same.
  const std::string& fingerprint() const { return fingerprint_; }

  void use_in(ssl_st* session) const;

 private:
  ClientCertificate(std::vector<Certificate> chain, PrivateKey key, std::string fingerprint)
      : chain_(std::move(chain)), key_(std::move(key)), fingerprint_(std::move(fingerprint)) {}

  std::vector<Certificate> chain_;
  PrivateKey key_;
  std::string fingerprint_;
};

}  // namespace poly::http
