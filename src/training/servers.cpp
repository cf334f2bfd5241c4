#include "training/servers.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace poly::training {
namespace {

[[noreturn]] void refuse(std::string reason) {
  throw Failure(ErrorKind::bad_request, std::move(reason));
}

std::string with_defaults(std::string_view url, const JsonObject& variables) {
  std::string out;
  while (true) {
    const auto open = url.find('{');
    out.append(url.substr(0, open));
    if (open == std::string_view::npos) return out;
    const auto close = url.find('}', open);
    if (close == std::string_view::npos)
      refuse("server URL '" + std::string(url) + "' has a `{` without `}`");
    const auto name = url.substr(open + 1, close - open - 1);
    const auto* variable = variables.if_contains(name);
    const auto* value = variable ? find(*variable, "default") : nullptr;
    if (!value) refuse("server variable '" + std::string(name) + "' has no default; give a host URL");
    out.append(value->is_string() ? std::string(value->get_string()) : to_text(*value));
    url.remove_prefix(close + 1);
  }
}

bool is_http_url(std::string_view text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || url->encoded_host().empty()) return false;
  return url->scheme_id() == boost::urls::scheme::http || url->scheme_id() == boost::urls::scheme::https;
}

std::string without_end_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Result<OpenApiOptions> checked(OpenApiOptions options) {
  if (auto valid = spec::check_context(options.context); !valid) return std::unexpected(valid.error());
  if (auto& name = options.host_url_as_argument) {
    if (name->empty()) *name = host_url_argument_default;
    if (!spec::check_name(*name)) {
      return fail(ErrorKind::bad_request, "hostUrlAsArgument: '" + *name + "' is no name for an argument");
    }
  }
  if (auto& host = options.host_url) {
    if (!is_http_url(*host)) {
      return fail(ErrorKind::bad_request, "hostUrl: '" + *host + "' is not an http or https URL");
    }
    *host = without_end_slash(*host);
  }
  return options;
}

std::string server_url(const JsonArray& servers, const OpenApiOptions& options) {
  if (servers.empty()) return {};
  const auto* server = servers.front().if_object();
  if (!server) refuse("`servers[0]` is not an object");
  const std::string_view written = text_of(*server, "url");
  const bool has_own_host = !written.starts_with('/') && !written.starts_with('{');
  if (has_own_host && (options.host_url || options.host_url_as_argument)) return {};
  const auto url = with_defaults(written, object_member(*server, "variables"));
  if (url.contains("{{")) refuse("server URL '" + url + "' has braces");
  const bool is_relative = url.empty() || (url.starts_with('/') && !url.starts_with("//"));
  if (is_relative) return without_end_slash(url);
  if (!is_http_url(url)) refuse("server URL '" + url + "' is neither an http or https URL nor a path");
  return without_end_slash(url);
}

void set_host(FunctionDraft& draft, const std::string& server, const OpenApiOptions& options) {
  const bool is_relative = server.empty() || server.starts_with('/');
  if (options.host_url_as_argument) {
    const auto& name = draft.claim_name({*options.host_url_as_argument});
    draft.add(ArgumentGroup::host, {.name = name, .description = "Host that is called.", .type = "string"});
    draft.host = placeholder(name) + (is_relative ? server : "");
  } else if (options.host_url) {
    draft.host = *options.host_url + (is_relative ? server : "");
  } else if (is_relative) {
    refuse("the document names no host" +
           (server.empty() ? std::string() : ": its server '" + server + "' is only a path") +
           "; give a host URL, or make it an argument");
  } else {
    draft.host = server;
  }
}

}  // namespace poly::training
