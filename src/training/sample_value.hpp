// What one recorded value says about the argument that takes its place.
#pragma once

#include <string>
#include <string_view>

#include "base/codec.hpp"
#include "base/json.hpp"

namespace poly::training {

struct SampleType {
  std::string type = "any";
  JsonText schema;  // absent when the type says it all

  bool operator==(const SampleType&) const = default;
};

// A schema that was inferred carries this member, so that nobody takes it for a description that the other
// system gave.
inline constexpr std::string_view inferred_mark = "x-poly-inferred";

// More digits than this do not survive in a JSON number of every language.
inline constexpr std::size_t number_digits_max = 15;

// The type of a value that was written as text, as in URLs and forms: `17` is an integer, `1.5` a number,
// `true` a boolean, everything else text. So are numbers that would not be written the same way again
// (`0017`, `+49`, `1e3`).
std::string type_of_text(std::string_view text);
// `text` as a JSON value of that type.
Json value_of_text(std::string_view text);

// The short type of a schema that was inferred from samples, and the schema where it says more, marked.
SampleType inferred_type(JsonObject schema);

// What the reader of descriptions leaves where a credential was written out.
inline constexpr std::string_view redacted = "***";

// Whether a key (of a header, query or form) is that of a credential: `X-Api-Key`, `client_secret`.
bool names_a_secret(std::string_view key);

}  // namespace poly::training
