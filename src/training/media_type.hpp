// What a media type says about the bytes of a body.
#pragma once

#include <string>
#include <string_view>

namespace poly::training {

// `Application/JSON; charset=utf-8` → `application/json`. Failure when it is none: it is going to stand in
// a header line.
std::string bare_media_type(std::string_view media_type);

// These take a bare media type.
bool is_json(std::string_view media_type);      // application/json and everything + json
bool is_text(std::string_view media_type);      // text/*, XML, JavaScript …
bool is_wildcard(std::string_view media_type);  // */* and the like

}  // namespace poly::training
