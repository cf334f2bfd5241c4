// What is asked of a token endpoint, and what it answers (RFC 6749, RFC 7523).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "http/client.hpp"
#include "spec/api_auth.hpp"

namespace poly::outbound {

struct GrantedToken {
  Secret access_token;
  std::optional<std::chrono::seconds> lifetime;
  Secret refresh_token;  // empty unless the endpoint gave a new one
};

// `assertion_id` marks the JWT, when one is signed. Throws Failure{bad_request} for values that no token can
// be asked for with; the message names the field and never its value.
http::ClientRequest token_request(const spec::OAuthSettings& settings, std::string_view assertion_id,
                                  Timestamp now);

// Throws Failure{upstream} when the answer is no bearer token. Of the answer only its status and the `error`
// word of the standard are told: endpoints have been seen to repeat what they were sent.
GrantedToken granted_token(const http::ClientResponse& response);

}  // namespace poly::outbound
