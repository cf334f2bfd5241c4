// A request and, where the function allows it, those that its answers lead to.
#pragma once

#include "http/client.hpp"

namespace poly::outbound {

inline constexpr int redirects_max = 10;

enum class Redirects { are_answers, are_followed };

// The address that `location` names, seen from `from` (RFC 3986, section 5.2).
Result<http::Url> resolve_address(const http::Url& from, std::string_view location);

// Another origin gets only headers that cannot hold a credential, and is not shown the certificate. Throws
// Failure{upstream} when there are more than redirects_max, or one leads to no address.
Task<http::ClientResponse> send(http::Client& client, http::ClientRequest request, Redirects redirects);

}  // namespace poly::outbound
