// JSON that is stored and passed on more often than it is looked into.
#pragma once

#include <string>

#include "base/json.hpp"

namespace poly {

// A JSON value kept as its text: small in memory, parsed only where it is needed. Empty means absent.
struct JsonText {
  std::string text;

  bool empty() const { return text.empty(); }
  Json parsed() const { return text.empty() ? Json() : parse_json(text, "stored JSON").value(); }
  static JsonText of(const Json& value) { return {to_text(value)}; }
  bool operator==(const JsonText&) const = default;
};

}  // namespace poly
