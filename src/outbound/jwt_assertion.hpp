// A JSON Web Token that says who asks for an access token (RFC 7523), signed with OpenSSL (RFC 7515).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace poly::outbound {

struct AssertionClaims {
  std::string issuer, subject, audience;
  std::string id;  // of this assertion alone
  std::chrono::seconds lifetime{300};
};

struct AssertionKey {
  std::string_view algorithm;    // one of spec::jwt_algorithms
  std::string_view private_key;  // PEM
  std::string_view id;           // "" for none
};

// Errors are bad_request: an algorithm that is not known, a key that is none or not for the algorithm.
Result<std::string> sign_assertion(const AssertionClaims& claims, const AssertionKey& key, Timestamp now);

}  // namespace poly::outbound
