#include "training/serialization.hpp"

#include <algorithm>
#include <array>

namespace poly::training {
namespace {

constexpr auto known_styles = std::to_array<std::string_view>(
    {"form", "simple", "matrix", "label", "spaceDelimited", "pipeDelimited", "deepObject"});

}  // namespace

std::optional<spec::Serialization> unusual_serialization(const JsonObject& source,
                                                         std::string_view usual_style) {
  const auto said = text_of(source, "style");
  const auto style = said.empty() ? usual_style : said;
  if (std::ranges::find(known_styles, style) == known_styles.end()) {
    throw Failure(ErrorKind::bad_request, "the style '" + std::string(style) + "' is not known");
  }
  const bool explode = source.contains("explode") ? flag_member(source, "explode") : style == "form";
  if (style == usual_style && explode == (usual_style == "form")) return std::nullopt;
  return spec::Serialization{std::string(style), explode};
}

}  // namespace poly::training
