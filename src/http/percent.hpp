// Percent-encoding, each place with the characters it may show.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poly::http {

// One segment of a path: `/` and everything else that would end it is encoded, and so are the steps `.` and
// `..`.
std::string encode_path_segment(std::string_view text);
// A key or a value of a query or form: `&`, `=`, `+` are encoded, a space becomes `%20`.
std::string encode_query_part(std::string_view text);
// A whole path and query as a person wrote it: what is legal stays, what is not is encoded.
std::string encode_stray(std::string_view path_and_query);

// An escape that is none (`%`, `%4`, `%zz`) stays as it is.
std::string decode_percent(std::string_view text);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

// A query or form body (application/x-www-form-urlencoded): pairs in order, `+` is a space, a key without `=`
// has an empty value.
QueryPairs parse_query(std::string_view text);

}  // namespace poly::http
