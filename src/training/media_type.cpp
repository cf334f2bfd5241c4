#include "training/media_type.hpp"

#include "training/ascii_case.hpp"

namespace poly::training {

std::string bare_media_type(std::string_view media_type) {
  media_type = media_type.substr(0, media_type.find(';'));
  while (media_type.ends_with(' ')) media_type.remove_suffix(1);
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
