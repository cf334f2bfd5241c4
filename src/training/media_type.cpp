#include "training/media_type.hpp"

#include "base/error.hpp"
#include "base/ascii_case.hpp"
#include "training/token.hpp"

namespace poly::training {

std::string bare_media_type(std::string_view media_type) {
  media_type = media_type.substr(0, media_type.find(';'));
  while (media_type.ends_with(' ')) media_type.remove_suffix(1);
  const auto slash = media_type.find('/');
  const bool is_valid = slash != std::string_view::npos && is_token(media_type.substr(0, slash)) &&
                        is_token(media_type.substr(slash + 1));
  if (!is_valid)
    throw Failure(ErrorKind::bad_request, "'" + std::string(media_type) + "' is not a media type");
  return lower(media_type);
}

bool is_json(std::string_view media_type) {
  return media_type == "application/json" || media_type == "text/json" || media_type.ends_with("+json");
}

bool is_text(std::string_view media_type) {
  return media_type.starts_with("text/") || media_type == "application/xml" || media_type.ends_with("+xml") ||
         media_type == "application/javascript" || media_type == "application/yaml";
}

bool is_wildcard(std::string_view media_type) {
  return media_type.contains('*');
}

}  // namespace poly::training
