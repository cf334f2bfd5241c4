// AWS Signature Version 4: a request that proves that its sender has the secret key ("Create a signed AWS API
// request" in the IAM User Guide).
#pragma once

#include "base/time.hpp"
#include "http/client.hpp"
#include "spec/api_auth.hpp"

namespace poly::outbound {

// Adds the headers of the signature; path and query are written in the canonical encoding that is signed. All
// headers of the request are signed but those that are the connection's.
void sign_for_aws(http::ClientRequest& request, const spec::AwsSettings& settings, Timestamp now);

// What is hashed into the signature, for those who look for a mistake in it.
std::string aws_canonical_request(const http::ClientRequest& request, std::string_view service,
                                  std::string_view payload_hash);

}  // namespace poly::outbound
