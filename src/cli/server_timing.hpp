// Where the time of an API function's call went, as the server tells in the header Server-Timing.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace poly::cli {

struct ServerTiming {
  std::vector<std::pair<std::string, double>> milliseconds;  // by the names of the header, in its order
  bool reused = false;                                       // an open connection was used

  // A metric without a duration, or with one that is no number, is left out.
  static ServerTiming parse(std::string_view header);

  bool empty() const { return milliseconds.empty(); }
  JsonObject document() const;  // `{"firstByteMs": 12.3, …, "reused": false}`
  std::string line() const;     // `first byte 12.3 ms, …, on an open connection`
};

}  // namespace poly::cli
