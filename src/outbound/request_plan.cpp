#include "outbound/request_plan.hpp"

#include <sodium.h>

#include "base/base64.hpp"
#include "http/percent.hpp"

namespace poly::outbound {
namespace {

std::string value_of(const std::vector<spec::KeyValue>& pairs, std::string_view key) {
  for (const auto& pair : pairs) {
    if (pair.key == key) return pair.value;
  }
  return "";
}

std::string_view content_type_of(std::string_view language) {
  if (language == "json") return "application/json";
  if (language == "html") return "text/html";
  if (language == "xml") return "application/xml";
  if (language == "javascript") return "application/javascript";
  return "text/plain";
}

// Arrays and objects as a list of texts, and other values as one.
std::string joined(const Json& value, std::string_view separator,
                   const std::function<std::string(std::string_view)>& encode) {
  std::string out;
  const auto add = [&](std::string_view text) {
    if (!out.empty()) out += separator;
    out += encode(text);
  };
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) add(plain_text(element));
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      add(key);
      add(plain_text(member));
    }
  } else {
    out = encode(plain_text(value));
  }
  return out;
}

std::string path_text(const Json& value) {
  return joined(value, ",", [](std::string_view text) { return http::encode_path_segment(text); });
}

// Where a hole stands in a URL before its query.
enum class Place { start, host, path };

Place place_of(std::string_view before) {
  if (before.empty()) return Place::start;
  const auto scheme = before.find("://");
  if (scheme == std::string_view::npos)
    return before.find('/') == std::string_view::npos ? Place::host : Place::path;
  return before.find('/', scheme + 3) == std::string_view::npos ? Place::host : Place::path;
}

// Whoever reads a URL resolves such a segment, escaped or not, and the request would go to another path than
// the function's.
void require_no_dot_segments(std::string_view address) {
  auto rest = address.substr(std::min(address.find("://"), address.size()));
  while (true) {
    const auto slash = rest.find('/');
    const auto segment = http::decode_percent(rest.substr(0, slash));
    if (segment == "." || segment == "..") {
      throw Failure(ErrorKind::bad_request, "the arguments make '" + segment +
                                                "' a segment of the path, which would lead to another path");
    }
    if (slash == std::string_view::npos) return;
    rest.remove_prefix(slash + 1);
  }
}

std::string host_text(const Json& value) {
  auto text = plain_text(value);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':';
  };
  if (text.empty() || !std::ranges::all_of(text, fits)) {
    throw Failure(ErrorKind::bad_request,
                  "an argument that is part of a host name may hold letters, digits, dots and hyphens only");
  }
  return text;
}

void require_header_text(std::string_view name, std::string_view value) {
  if (value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) return;
  throw Failure(ErrorKind::bad_request,
                "header '" + std::string(name) + "': a line break is not allowed in its value");
}

// RFC 6265, section 4.1.1: what would end the cookie or begin another does not go into one.
void require_cookie_text(std::string_view name, std::string_view value) {
  const auto fits = [](char c) { return c > ' ' && c <= '~' && !std::string_view("\",;\\").contains(c); };
  if (std::ranges::all_of(value, fits)) return;
  throw Failure(ErrorKind::bad_request,
                "cookie '" + std::string(name) +
                    "': its value may hold printable ASCII without spaces, quotes, commas, semicolons and "
                    "backslashes only");
}

// Text inside an element or attribute of XML or HTML, which stays text whatever it holds.
std::string markup_text(const Json& value) {
  std::string out;
  for (const char c : plain_text(value)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string quoted_form_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '"') {
      out += "%22";
    } else if (c == '\r' || c == '\n') {
      out += c == '\r' ? "%0D" : "%0A";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string random_boundary() {
  unsigned char bytes[12];
  randombytes_buf(bytes, sizeof bytes);
  char hex[25];
  sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
  return std::string("openpoly-") + hex;
}

}  // namespace

RequestPlan::RequestPlan(const spec::ApiFunction& function) {
  for (const auto& argument : function.arguments) {
    if (argument.remove_if_not_present) removable_.insert(argument.name);
    if (argument.serialization) styles_.emplace(argument.name, *argument.serialization);
  }
  const auto method = http::parse_method(function.source.method);
  if (!method)
    throw Failure(ErrorKind::not_built,
                  "requests with the method " + function.source.method + " cannot be sent yet");
  method_ = *method;
  follows_redirects_ = function.enabled_redirect;
  plan_url(function.source.url);
  for (const auto& header : function.source.headers) headers_.push_back(field_of(header));
  if (function.source.auth) plan_auth(*function.source.auth);
  if (function.source.body) plan_body(*function.source.body);
}

RequestPlan::Field RequestPlan::field_of(const spec::KeyValue& pair) const {
  Field field{.key = pair.key,
              .value = Template::parse(pair.value),
              .removable = false,
              .style = {},
              .is_file = pair.type == "file"};
  if (field.value.is_one_argument()) {
    const auto& name = field.value.pieces().front().text;
    field.removable = removable_.contains(name);
    if (const auto style = styles_.find(name); style != styles_.end()) field.style = style->second;
  }
  return field;
}

void RequestPlan::plan_url(std::string_view url) {
  const auto mark = url.find('?');
  base_ = Template::parse(url.substr(0, mark));
  if (mark == std::string_view::npos) return;
  auto query = url.substr(mark + 1);
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    spec::KeyValue read{std::string(pair.substr(0, equals)), "", {}};
    if (equals != std::string_view::npos) read.value = pair.substr(equals + 1);
    if (!pair.empty()) query_.push_back(field_of(read));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

void RequestPlan::plan_auth(const spec::ApiAuth& auth) {
  auth_ = auth.type;
  switch (auth.type) {
    case spec::AuthType::none:
    case spec::AuthType::oauth2:  // each attempt gets its credential when it is sent
    case spec::AuthType::aws_v4:
      return;
    case spec::AuthType::basic:
      user_ = Template::parse(value_of(auth.basic, "username"));
      password_ = Template::parse(value_of(auth.basic, "password"));
      return;
    case spec::AuthType::bearer:
      token_ = Template::parse(value_of(auth.bearer, "token"));
      return;
    case spec::AuthType::api_key: {
      auto field = field_of({value_of(auth.apikey, "key"), value_of(auth.apikey, "value"), {}});
      field.removable = true;
      const auto in = value_of(auth.apikey, "in");
      if (in == "cookie") {
        cookie_ = std::move(field);
      } else {
        (in == "query" ? query_ : headers_).push_back(std::move(field));
      }
      return;
    }
  }
}

void RequestPlan::plan_body(const spec::ApiBody& body) {
  body_mode_ = body.mode;
  switch (body.mode) {
    case spec::BodyMode::empty:
      return;
    case spec::BodyMode::raw: {
      const auto language = body.language.value_or("json");
      body_type_ = content_type_of(language);
      if (language == "json") json_body_ = JsonTemplate::parse(body.raw.value_or(""), removable_);
      text_body_ = Template::parse(body.raw.value_or(""));
      // A body that is one argument is a whole document of the caller's.
      is_markup_ = (language == "xml" || language == "html") && !text_body_.is_one_argument();
      return;
    }
    case spec::BodyMode::urlencoded:
      for (const auto& pair : body.urlencoded) form_.push_back(field_of(pair));
      return;
    case spec::BodyMode::formdata:
      for (const auto& pair : body.formdata) form_.push_back(field_of(pair));
      return;
    case spec::BodyMode::file:
      body_type_ = "application/octet-stream";
      text_body_ = Template::parse(body.raw.value_or("{{body}}"));
      return;
  }
}

bool RequestPlan::is_absent(const Field& field, const Arguments& arguments) const {
  if (!field.removable || !field.value.is_one_argument()) return false;
  const auto* value = arguments.find(field.value.pieces().front().text);
  return !value || value->is_null();
}

std::string RequestPlan::render_base(const Arguments& arguments) const {
  std::string out;
  for (const auto& piece : base_.pieces()) {
    if (!piece.argument) {
      out += piece.text;
      continue;
    }
    const auto* value = arguments.find(piece.text);
    if (!value) continue;
    switch (place_of(out)) {
      case Place::start:
        out += plain_text(*value);
        break;
      case Place::host:
        out += host_text(*value);
        break;
      case Place::path:
        out += path_text(*value);
        break;
    }
  }
  require_no_dot_segments(out);
  return out;
}

void RequestPlan::append_query(std::string& target, const Field& field, const Arguments& arguments) const {
  if (is_absent(field, arguments)) return;
  const auto add = [&target](std::string_view key, std::string_view value) {
    target.push_back(target.find('?') == std::string::npos ? '?' : '&');
    target.append(key).append("=").append(value);
  };
  const auto encode = [](std::string_view text) { return http::encode_query_part(text); };
  const Json* value =
      field.value.is_one_argument() ? arguments.find(field.value.pieces().front().text) : nullptr;
  const auto style = field.style.style.value_or("form");
  const bool explode = field.style.explode.value_or(style == "form");
  if (value && value->is_array() && explode) {
    for (const auto& element : value->get_array()) add(field.key, encode(plain_text(element)));
  } else if (value && value->is_object() && style == "deepObject") {
    for (const auto& [key, member] : value->get_object()) {
      add(field.key + "%5B" + encode(key) + "%5D", encode(plain_text(member)));
    }
  } else if (value && value->is_object() && explode) {
    for (const auto& [key, member] : value->get_object()) add(encode(key), encode(plain_text(member)));
  } else if (value && (value->is_array() || value->is_object())) {
    const auto separator = style == "spaceDelimited" ? "%20" : style == "pipeDelimited" ? "%7C" : ",";
    add(field.key, joined(*value, separator, encode));
  } else {
    add(field.key,
        field.value.render(arguments, [&](const Json& given) { return encode(plain_text(given)); }));
  }
}

void RequestPlan::add_headers(http::Headers& headers, const Arguments& arguments) const {
  const auto as_is = [](std::string_view text) { return std::string(text); };
  for (const auto& field : headers_) {
    if (is_absent(field, arguments)) continue;
    auto value = field.value.render(arguments, [&](const Json& given) { return joined(given, ",", as_is); });
    require_header_text(field.key, value);
    headers.add(field.key, std::move(value));
  }
}

void RequestPlan::add_auth(http::Headers& headers, const Arguments& arguments) const {
  if (auth_ == spec::AuthType::basic) {
    const auto user = user_.render(arguments, plain_text);
    const auto password = password_.render(arguments, plain_text);
    if (!user.empty() || !password.empty())
      headers.set("Authorization", "Basic " + to_base64(user + ":" + password));
  } else if (auth_ == spec::AuthType::bearer) {
    const auto token = token_.render(arguments, plain_text);
    require_header_text("Authorization", token);
    if (!token.empty()) headers.set("Authorization", "Bearer " + token);
  } else if (cookie_ && !is_absent(*cookie_, arguments)) {
    const auto value = cookie_->value.render(arguments, plain_text);
    require_cookie_text(cookie_->key, value);
    const auto* others = headers.find("Cookie");
    headers.set("Cookie", (others ? *others + "; " : std::string()) + cookie_->key + "=" + value);
  }
}

std::string RequestPlan::render_form(const Arguments& arguments) const {
  std::string target = "?";
  for (const auto& field : form_) append_query(target, field, arguments);
  target.erase(0, 1);
  if (target.starts_with('&')) target.erase(0, 1);
  return target;
}

std::string RequestPlan::render_multipart(const Arguments& arguments, std::string_view boundary) const {
  std::string out;
  for (const auto& field : form_) {
    if (is_absent(field, arguments)) continue;
    out.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
    out.append(quoted_form_name(field.key)).append("\"");
    if (field.is_file)
      out.append("; filename=\"")
          .append(quoted_form_name(field.key))
          .append("\"\r\nContent-Type: application/octet-stream");
    out.append("\r\n\r\n").append(field.value.render(arguments, plain_text)).append("\r\n");
  }
  out.append("--").append(boundary).append("--\r\n");
  return out;
}

void RequestPlan::add_body(http::ClientRequest& request, const Arguments& arguments) const {
  std::string type = body_type_;
  switch (body_mode_) {
    case spec::BodyMode::empty:
      return;
    case spec::BodyMode::raw:
    case spec::BodyMode::file: {
      if (text_body_.is_one_argument()) {
        const auto& name = text_body_.pieces().front().text;
        const auto* value = arguments.find(name);
        if (!value) return;
      }
      request.body = json_body_ ? json_body_->render(arguments)
                                : text_body_.render(arguments, is_markup_ ? markup_text : plain_text);
      break;
    }
    case spec::BodyMode::urlencoded:
      type = "application/x-www-form-urlencoded";
      request.body = render_form(arguments);
      break;
    case spec::BodyMode::formdata: {
      const auto boundary = random_boundary();
      type = "multipart/form-data; boundary=" + boundary;
      request.body = render_multipart(arguments, boundary);
      break;
    }
  }
  if (!request.headers.find("Content-Type")) request.headers.add("Content-Type", std::move(type));
}

http::ClientRequest RequestPlan::render(const Arguments& arguments) const {
  std::string address = render_base(arguments);
  for (const auto& field : query_) append_query(address, field, arguments);
  http::ClientRequest request;
  request.method = method_;
  request.decodes_body = true;
  request.url = value_or_throw(http::parse_url(address));
  add_headers(request.headers, arguments);
  add_auth(request.headers, arguments);
  add_body(request, arguments);
  return request;
}

}  // namespace poly::outbound
