// What a call of an API function gave, and the limits that a server sets to all of them.
#pragma once

#include <chrono>
#include <string>

#include "http/client.hpp"

namespace poly::outbound {

struct ApiSettings {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};
  std::size_t response_bytes_max = 16 << 20;
  bool direct_execute = false;  // callers may have requests, with their credentials, to send them themselves
};

struct ApiAnswer {
  int status = 0;         // of the upstream
  std::string envelope;   // JSON
  http::Timings timings;  // of the last request; all zero when a kept answer was given
};

}  // namespace poly::outbound
