#include "training/recorded_operation.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <boost/url/decode_view.hpp>

#include "base/ascii_case.hpp"
#include "training/operation.hpp"
#include "training/recorded_answers.hpp"
#include "training/recorded_body.hpp"
#include "training/recorded_variables.hpp"
#include "training/servers.hpp"

namespace poly::training {
namespace {

// Headers that belong to one connection or one client, not to the request. The body says its own type.
constexpr auto left_out_headers =
    std::to_array<std::string_view>({"accept-encoding", "connection", "content-length", "content-type",
                                     "host", "keep-alive", "te", "transfer-encoding", "upgrade"});

struct Address {
  std::string host;   // `https://api.example.com`, or `{{baseUrl}}`
  std::string path;   // `/customers/{{id}}`, or ""
  std::string query;  // without `?`
};

Address address_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  Address out;
  const auto mark = url.find('?');
  if (mark != std::string_view::npos) out.query = url.substr(mark + 1);
  url = url.substr(0, mark);
  const auto scheme = url.find("://");
  const auto host_from = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto path_from = std::min(url.find('/', host_from), url.size());
  out.host = url.substr(0, path_from);
  out.path = url.substr(path_from);
  if (scheme == std::string_view::npos && !out.host.starts_with("{{")) out.host.insert(0, "http://");
  return out;
}

struct QueryPair {
  std::string_view key;
  std::string_view value;
};

std::vector<QueryPair> pairs_of(std::string_view query) {
  std::vector<QueryPair> pairs;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      pairs.push_back({pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size()))});
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return pairs;
}

// `{{baseUrl}}`, alone.
bool is_one_hole(std::string_view text) {
  return text.starts_with("{{") && text.find("}}") == text.size() - 2;
}

std::string decoded(std::string_view text) {
  const auto checked = boost::urls::make_pct_string_view(text);
  if (!checked) return std::string(text);
  boost::urls::encoding_opts options;
  options.space_as_plus = true;
  const auto view = boost::urls::decode_view(*checked, options);
  return {view.begin(), view.end()};
}

class Reader {
 public:
  Reader(const RecordedRequest& request, const OpenApiOptions& options)
      : request_(request), options_(options), variables_(draft_, request.variables) {}

  FunctionDraft read() && {
    auto& function = draft_.function;
    function.head.description = cut_description(request_.description);
    function.source.method = upper(request_.method);
    claim_body_names(draft_, request_);
    const auto address = address_of(request_.url);
    set_address(address);
    add_query(address.query);
    add_headers();
    add_auth();
    add_recorded_body(draft_, variables_, request_);
    add_recorded_answers(draft_, request_.samples);
    draft_.finish_arguments();
    function.source.url = draft_.host + draft_.path;
    for (std::size_t i = 0; i < draft_.query.size(); ++i) {
      function.source.url += (i == 0 ? "?" : "&") + draft_.query[i];
    }
    return std::move(draft_);
  }

 private:
  void set_address(const Address& address) {
    // What the variable of a host stood for may be a host with a path.
    const auto known = host_value(address.host);
    const auto whole = known.empty() ? address : address_of(known + address.path);
    const bool is_unknown = is_one_hole(whole.host);
    if (options_.host_url || options_.host_url_as_argument) {
      set_host(draft_, "", options_);
    } else if (is_unknown) {
      auto asks = options_;
      asks.host_url_as_argument = host_url_argument_default;
      set_host(draft_, "", asks);
    } else {
      draft_.host = variables_.fill(whole.host, ArgumentGroup::host);
    }
    draft_.path = variables_.fill(whole.path, ArgumentGroup::path);
  }

  // The text of the variable that stands for the whole host, without a slash at its end; "" when nobody knows
  // it.
  std::string host_value(std::string_view host) const {
    if (!is_one_hole(host)) return "";
    const auto* value = variables_.value_of(host.substr(2, host.size() - 4)).if_string();
    std::string text = value ? std::string(*value) : "";
    while (text.ends_with('/')) text.pop_back();
    return text;
  }

  void add_query(std::string_view query) {
    const bool keeps_literals = has_holes(query);
    const auto pairs = pairs_of(query);
    std::set<std::string_view> lists;  // keys that stand several times, once they are arguments
    for (const auto& [key, value] : pairs) {
      const auto times = std::ranges::count(pairs, key, &QueryPair::key);
      const bool is_harmless = value != redacted && !names_a_secret(key);
      if (keeps_literals && (has_holes(value) || is_harmless))
        add_to_query(key, variables_.fill(value, ArgumentGroup::query));
      else if (times == 1)
        add_to_query(key, variables_.replace_literal(decoded(key), decoded(value), ArgumentGroup::query));
      else if (lists.insert(key).second)
        add_to_query(key, list_argument(decoded(key), decoded(value)));
    }
  }

  void add_to_query(std::string_view key, const std::string& value) {
    draft_.query.push_back(std::string(key) + "=" + value);
  }

  // A key that stands several times is one list.
  std::string list_argument(const std::string& key, const std::string& first) {
    spec::ApiArgument argument;
    argument.name = draft_.claim_name_for(key);
    argument.description = example_of(key, first);
    argument.secure = names_a_secret(key);
    argument.required = false;
    argument.remove_if_not_present = true;
    argument.type = "array";
    auto hole = placeholder(argument.name);
    draft_.add(ArgumentGroup::query, std::move(argument));
    return hole;
  }

  void add_headers() {
    for (const auto& header : request_.headers) {
      const auto name = lower(header.key);
      if (name.starts_with(':') || std::ranges::find(left_out_headers, name) != left_out_headers.end())
        continue;
      const bool is_secret = names_a_secret(name);
      const auto group = is_secret ? ArgumentGroup::security : ArgumentGroup::header;
      auto value = is_secret && !has_holes(header.value)
                       ? variables_.replace_literal(header.key, header.value, group)
                       : variables_.fill(header.value, group);
      draft_.function.source.headers.push_back({header.key, std::move(value), std::nullopt});
    }
  }

  void add_auth() {
    if (!request_.auth || request_.auth->type == spec::AuthType::none) return;
    auto auth = *request_.auth;
    fill_credential(auth.bearer, "token");
    fill_credential(auth.basic, "username");
    fill_credential(auth.basic, "password");
    fill_api_key(auth.apikey);
    for (auto* entries : {&auth.oauth2, &auth.awsv4}) fill_secrets(*entries);
    draft_.function.source.auth = std::move(auth);
  }

  void fill_credential(std::vector<spec::KeyValue>& entries, std::string_view key) {
    for (auto& entry : entries) {
      if (entry.key == key) entry.value = credential(entry.value, key);
    }
  }

  void fill_api_key(std::vector<spec::KeyValue>& entries) {
    std::string name = "apiKey";
    for (const auto& entry : entries) {
      if (entry.key == "key" && !entry.value.empty()) name = entry.value;
    }
    for (auto& entry : entries) {
      if (entry.key == "value") entry.value = credential(entry.value, name);
    }
  }

  // Of schemes with many members, those that are credentials; the others stay.
  void fill_secrets(std::vector<spec::KeyValue>& entries) {
    for (auto& entry : entries) {
      entry.value = names_a_secret(entry.key) ? credential(entry.value, entry.key)
                                              : variables_.fill(entry.value, ArgumentGroup::security);
    }
  }

  // What was recorded of a credential is never part of a function.
  std::string credential(std::string_view recorded, std::string_view name) {
    if (has_holes(recorded)) return variables_.fill(recorded, ArgumentGroup::security);
    spec::ApiArgument argument;
    argument.name = draft_.claim_name_for(name);
    argument.secure = true;
    argument.type = "string";
    auto hole = placeholder(argument.name);
    draft_.add(ArgumentGroup::security, std::move(argument));
    return hole;
  }

  const RecordedRequest& request_;
  const OpenApiOptions& options_;
  FunctionDraft draft_;
  RecordedVariables variables_;
};

}  // namespace

std::string name_of(const RecordedRequest& request) {
  auto name = camel_case(request.name);
  if (!name.empty()) return name;
  std::string words = lower(request.method);
  const auto address = address_of(request.url);
  std::string_view path = address.path;
  while (!path.empty()) {
    if (path.starts_with("{{")) {
      words += " By ";
      path.remove_prefix(2);
    } else {
      words.push_back(path.front());
      path.remove_prefix(1);
    }
  }
  return camel_case(words);
}

std::string context_of(const RecordedRequest& request) {
  std::string context;
  for (const auto& folder : request.group) {
    if (const auto segment = camel_case(folder); !segment.empty())
      context = spec::join_path(context, segment);
  }
  return context;
}

FunctionDraft read_recorded(const RecordedRequest& request, const OpenApiOptions& options) {
  return Reader(request, options).read();
}

}  // namespace poly::training
