#include "cli/model_source.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii_case.hpp"
#include "cli/files.hpp"

namespace poly::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto openapi_endings = std::to_array<std::string_view>({".json", ".yaml", ".yml"});
constexpr auto wsdl_endings = std::to_array<std::string_view>({".wsdl", ".xsd", ".xml"});

// What stands behind each `marker`, up to the end of its quotes or, without quotes, of its word. In YAML
// `,`, `}` and `]` end a word inside of brackets and belong to it elsewhere: then both readings are given.
// A word of YAML may also stand on a line of its own, below a mark such as `>-`.
std::vector<std::string> values_after(std::string_view text, std::string_view marker, char separator) {
  std::vector<std::string> values;
  for (auto at = text.find(marker); at != std::string_view::npos; at = text.find(marker, at)) {
    at += marker.size();
    auto rest = text.substr(at);
    const auto skip = [&rest](std::string_view characters) {
      rest.remove_prefix(std::min(rest.find_first_not_of(characters), rest.size()));
    };
    skip("\"' \t");
    if (!rest.starts_with(separator)) continue;
    rest.remove_prefix(1);
    skip(" \t\r\n");
    if (rest.starts_with('>') || rest.starts_with('|')) skip(">|+-0123456789 \t\r\n");
    const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
    if (is_quoted) {
      const auto end = rest.find(rest.front(), 1);
      values.emplace_back(rest.substr(1, end == std::string_view::npos ? end : end - 1));
      continue;
    }
    const auto word = rest.substr(0, rest.find_first_of(" \t\r\n"));
    values.emplace_back(word);
    if (const auto end = word.find_first_of(",}]"); end != std::string_view::npos)
      values.emplace_back(word.substr(0, end));
  }
  return values;
}

std::vector<std::string> references_in(DescriptionKind kind, std::string_view text) {
  if (kind == DescriptionKind::openapi) return values_after(text, "$ref", ':');
  if (kind != DescriptionKind::wsdl) return {};
  auto references = values_after(text, "schemaLocation", '=');
  std::ranges::copy(values_after(text, " location", '='), std::back_inserter(references));
  return references;
}

bool is_readable(DescriptionKind kind, const fs::path& file) {
  const auto ending = lower(file.extension().string());
  return kind == DescriptionKind::openapi
             ? std::ranges::find(openapi_endings, ending) != openapi_endings.end()
             : std::ranges::find(wsdl_endings, ending) != wsdl_endings.end();
}

class Gathering {
 public:
  Gathering(DescriptionKind kind, const fs::path& file)
      : kind_(kind), folder_(fs::weakly_canonical(file).parent_path()) {}

  std::string name_of(const fs::path& file) const {
    return fs::weakly_canonical(file).lexically_relative(folder_).generic_string();
  }

  void add(const std::string& name, std::string text) {
    std::vector<std::pair<std::string, std::string>> open{{name, std::move(text)}};
    while (!open.empty()) {
      auto [current, content] = std::move(open.back());
      open.pop_back();
      const auto [place, is_new] = files_.emplace(current, std::move(content));
      if (!is_new) continue;
      if (files_.size() > description_files_max) {
        throw Failure(ErrorKind::too_large,
                      name + " refers to more than " + std::to_string(description_files_max) + " files");
      }
      for (const auto& reference : references_in(kind_, place->second)) {
        const auto next = file_of_reference(current, reference);
        if (!next.empty() && !files_.contains(next)) open.emplace_back(next, read_file(folder_ / next));
      }
    }
  }

  std::map<std::string, std::string> take() { return std::move(files_); }

 private:
  // Its name below the folder, or "" when it is no file that may be read.
  std::string file_of_reference(const std::string& from, std::string_view reference) const {
    const auto path = reference.substr(0, reference.find('#'));
    if (path.empty() || path.contains("://")) return "";
    std::error_code absent;
    const auto file = fs::weakly_canonical(folder_ / fs::path(from).parent_path() / path, absent);
    if (absent || !fs::is_regular_file(file, absent) || !is_readable(kind_, file)) return "";
    const auto name = file.lexically_relative(folder_).generic_string();
    return name.empty() || name.starts_with("..") ? "" : name;
  }

  DescriptionKind kind_;
  fs::path folder_;
  std::map<std::string, std::string> files_;
};

}  // namespace

DescriptionSource gather(DescriptionKind kind, const fs::path& file, std::string text) {
  Gathering gathering(kind, file);
  DescriptionSource source{.kind = kind, .entry = gathering.name_of(file), .files = {}};
  gathering.add(source.entry, std::move(text));
  source.files = gathering.take();
  return source;
}

Call reading_call(const DescriptionSource& source) {
  Call call{http::Method::post, reading_path(source.kind)};
  call.time_max = large_call_time_max;
  // An OpenAPI document alone is read at once where it arrives; the others go on with the names of their
  // files.
  if (source.kind == DescriptionKind::openapi && source.files.size() == 1) {
    call.body = source.files.begin()->second;
    call.content_type = "text/plain; charset=utf-8";
    return call;
  }
  JsonObject files;
  for (const auto& [name, text] : source.files) files[name] = text;
  call.body = to_text(JsonObject{{"files", std::move(files)}, {"entry", source.entry}});
  call.content_type = "application/json";
  return call;
}

}  // namespace poly::cli
