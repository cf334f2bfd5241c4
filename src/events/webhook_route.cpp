#include "events/webhook_route.hpp"

#include <algorithm>
#include <ranges>
#include <vector>

#include "http/percent.hpp"

namespace poly::events {
namespace {

std::string_view without_outer_slashes(std::string_view path) {
  const auto first = path.find_first_not_of('/');
  if (first == std::string_view::npos) return {};
  return path.substr(first, path.find_last_not_of('/') - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  if (text.empty()) return parts;
  for (const auto part : std::views::split(text, at)) parts.emplace_back(part.begin(), part.end());
  return parts;
}

std::pair<std::string_view, std::string_view> halves(std::string_view text, char at) {
  const auto place = text.find(at);
  if (place == std::string_view::npos) return {text, {}};
  return {text.substr(0, place), text.substr(place + 1)};
}

// `before{name}after`, or only `before` when there is no name.
struct Pattern {
  std::string_view before, name, after;
  bool has_name() const { return !name.empty(); }
};

Pattern pattern_of(std::string_view text) {
  const auto open = text.find('{');
  if (open == std::string_view::npos) return {text, {}, {}};
  const auto close = text.find('}', open);
  if (close == std::string_view::npos) return {text, {}, {}};
  return {text.substr(0, open), text.substr(open + 1, close - open - 1), text.substr(close + 1)};
}

// What stands for the name in `text`; never empty.
std::optional<std::string_view> value_in(const Pattern& pattern, std::string_view text) {
  if (text.size() <= pattern.before.size() + pattern.after.size()) return std::nullopt;
  if (!text.starts_with(pattern.before) || !text.ends_with(pattern.after)) return std::nullopt;
  text.remove_prefix(pattern.before.size());
  text.remove_suffix(pattern.after.size());
  return text;
}

bool match_path(std::string_view path_template, std::string_view path, JsonObject& params) {
  const auto wanted = split(without_outer_slashes(path_template), '/');
  const auto given = split(without_outer_slashes(path), '/');
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto segment = http::decode_percent(given[i]);
    const auto pattern = pattern_of(wanted[i]);
    if (!pattern.has_name()) {
      if (segment != wanted[i]) return false;
      continue;
    }
    const auto value = value_in(pattern, segment);
    if (!value) return false;
    params[pattern.name] = *value;
  }
  return true;
}

void add_repeated(JsonObject& params, std::string_view key, std::string value) {
  auto* there = params.if_contains(key);
  if (!there) {
    params[key] = std::move(value);
  } else if (auto* several = there->if_array()) {
    several->push_back(Json(std::move(value)));
  } else {
    *there = JsonArray{std::move(*there), Json(std::move(value))};
  }
}

// The template's query, by the key of a request: what it is called by, or what it must be.
struct QueryTemplate {
  std::vector<std::pair<std::string, Pattern>> pieces;

  explicit QueryTemplate(std::string_view text) {
    for (const auto piece : split(text, '&')) {
      const auto [key, value] = halves(piece, '=');
      pieces.emplace_back(http::decode_percent(key), pattern_of(value));
    }
  }

  const Pattern* find(std::string_view key) const {
    const auto found =
        std::ranges::find(pieces, key, [](const auto& piece) { return std::string_view(piece.first); });
    return found == pieces.end() ? nullptr : &found->second;
  }
};

bool match_query(std::string_view query_template, std::string_view query, JsonObject& params) {
  const QueryTemplate wanted(query_template);
  JsonObject from_query;
  std::vector<const Pattern*> met;  // the fixed ones that were there
  for (auto& [key, value] : http::parse_query(query)) {
    const auto* pattern = wanted.find(key);
    if (!pattern) {
      add_repeated(from_query, key, std::move(value));
    } else if (pattern->has_name()) {
      const auto part = value_in(*pattern, value);
      if (!part && !value.empty()) return false;
      add_repeated(from_query, pattern->name, std::string(part.value_or("")));
    } else {
      if (value != http::decode_percent(pattern->before)) return false;
      met.push_back(pattern);
    }
  }
  for (const auto& [key, pattern] : wanted.pieces) {
    if (!pattern.has_name() && std::ranges::find(met, &pattern) == met.end()) return false;
  }
  for (auto& [key, value] : from_query) params.emplace(key, std::move(value));  // a path parameter stays
  return true;
}

bool is_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !text.empty() && std::ranges::all_of(text, fits);
}

Result<void> check_piece(std::string_view piece, std::vector<std::string_view>& names) {
  const auto told = [&](std::string reason) {
    return fail(ErrorKind::bad_request, "$.subpath: '" + std::string(piece) + "' " + std::move(reason));
  };
  const auto pattern = pattern_of(piece);
  const bool stray = pattern.before.find_first_of("{}") != std::string_view::npos ||
                     pattern.after.find_first_of("{}") != std::string_view::npos;
  if (stray) return told("must hold at most one {name} and no other brace");
  if (piece.contains('{') && !is_name(pattern.name))
    return told("must name its parameter with letters, digits, '_' or '-'");
  if (!pattern.has_name()) return {};
  if (std::ranges::find(names, pattern.name) != names.end())
    return told("names a parameter that stands in the template already");
  names.push_back(pattern.name);
  return {};
}

}  // namespace

bool accepts_method(const spec::Webhook& webhook, std::string_view method) {
  const auto listed = spec::methods_of(webhook);
  return std::ranges::find(listed, method) != listed.end();
}

Result<void> check_subpath(std::string_view subpath) {
  if (subpath.size() > subpath_length_max)
    return fail(ErrorKind::bad_request,
                "$.subpath: is longer than " + std::to_string(subpath_length_max) + " bytes");
  const auto [path, query] = halves(subpath, '?');
  std::vector<std::string_view> names;
  for (const auto piece : split(without_outer_slashes(path), '/')) {
    if (piece.empty()) return fail(ErrorKind::bad_request, "$.subpath: has an empty segment");
    if (auto fits = check_piece(piece, names); !fits) return fits;
  }
  for (const auto piece : split(query, '&')) {
    const auto [key, value] = halves(piece, '=');
    if (key.empty() || key.find_first_of("{}") != std::string_view::npos)
      return fail(ErrorKind::bad_request,
                  "$.subpath: '" + std::string(piece) + "' must be key={name} or key=value");
    if (auto fits = check_piece(value, names); !fits) return fits;
  }
  return {};
}

std::optional<JsonObject> match_subpath(const spec::Webhook& webhook, std::string_view rest,
                                        std::string_view query) {
  const std::string_view subpath = webhook.subpath ? *webhook.subpath : std::string_view();
  const auto [path_template, query_template] = halves(subpath, '?');
  JsonObject params;
  if (!match_path(path_template, rest, params)) return std::nullopt;
  if (!match_query(query_template, query, params)) return std::nullopt;
  return params;
}

}  // namespace poly::events
