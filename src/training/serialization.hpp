// `style` and `explode`: how a list or object is written into a URL, header or form.
#pragma once

#include <optional>
#include <string_view>

#include "spec/api_function.hpp"
#include "training/open_api_document.hpp"

namespace poly::training {

// What `source` (a parameter, or the encoding of a form's field) says, when it is not what OpenAPI assumes:
// `usual_style`, and exploded only for `form`. Failure for a style that nobody knows.
std::optional<spec::Serialization> unusual_serialization(const JsonObject& source,
                                                         std::string_view usual_style);

}  // namespace poly::training
