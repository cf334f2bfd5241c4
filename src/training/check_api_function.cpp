#include "training/check_api_function.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "spec/api_auth.hpp"
#include "training/schema_problem.hpp"

namespace poly::training {
namespace {

constexpr auto known_methods =
    std::to_array<std::string_view>({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"});
// The argument that a body of mode `file` is taken from.
constexpr std::string_view file_argument = "body";

class Check {
 public:
  explicit Check(const spec::ApiFunction& function) : function_(function) {}

  std::vector<std::string> run() && {
    check_head();
    check_arguments();
    check_url();
    check_method();
    collect_from_headers();
    collect_from_auth();
    collect_from_tls();
    collect_from_body();
    check_usage();
    check_policy();
    check_results();
    return std::move(problems_);
  }

 private:
  void add(std::string field, std::string_view reason) {
    problems_.push_back(std::move(field.append(": ").append(reason)));
  }

  void add_error(const Result<void>& result) {
    if (!result) problems_.push_back(result.error().message);
  }

  void add_all(std::vector<std::string> problems) {
    std::ranges::move(problems, std::back_inserter(problems_));
  }

  void check_head() {
    add_error(spec::check_name(function_.head.name));
    add_error(spec::check_context(function_.head.context));
  }

  void check_arguments() {
    for (std::size_t i = 0; i < function_.arguments.size(); ++i) {
      const auto& argument = function_.arguments[i];
      const auto field = "arguments[" + std::to_string(i) + "]";
      if (auto valid = spec::check_name(argument.name); !valid) add(field, valid.error().message);
      if (!arguments_.insert(argument.name).second)
        add(field, "the name '" + argument.name + "' stands twice");
      check_schema(field + ".typeSchema", argument.type_schema);
    }
    const bool groups = std::ranges::any_of(function_.arguments, &spec::ApiArgument::payload);
    const auto payload = std::ranges::find(function_.arguments, "payload", &spec::ApiArgument::name);
    if (groups && payload != function_.arguments.end() && !payload->payload) {
      add("arguments", "'payload' is taken: arguments marked as payload are given in one of that name");
    }
  }

  // Placeholders stand for text, so the URL must be one with any text in their place.
  void check_url() {
    collect("source.url", function_.source.url);
    const auto& url = function_.source.url;
    if (url.empty()) return add("source.url", "is missing");
    if (!url.starts_with("{{") && !url.starts_with("http://") && !url.starts_with("https://")) {
      return add("source.url", "must start with http://, https:// or a placeholder such as {{hostUrl}}");
    }
    const auto sample = with_sample_values(url);
    const auto parsed = boost::urls::parse_uri(url.starts_with("{{") ? "http://" + sample : sample);
    if (!parsed || parsed->encoded_host().empty()) add("source.url", "'" + url + "' is not a URL");
  }

  static std::string with_sample_values(std::string_view text) {
    std::string out;
    while (true) {
      const auto open = text.find("{{");
      out.append(text.substr(0, open));
      const auto close = open == std::string_view::npos ? open : text.find("}}", open);
      if (close == std::string_view::npos) return out;
      out.append("1");
      text.remove_prefix(close + 2);
    }
  }

  void check_method() {
    if (std::ranges::find(known_methods, function_.source.method) == known_methods.end()) {
      add("source.method", "'" + function_.source.method + "' is not a method that can be called");
    }
  }

  void collect_from_headers() { collect_from("source.headers", function_.source.headers); }

  void collect_from_auth() {
    if (!function_.source.auth) return;
    collect_from("source.auth.basic", function_.source.auth->basic);
    collect_from("source.auth.bearer", function_.source.auth->bearer);
    collect_from("source.auth.apikey", function_.source.auth->apikey);
    collect_from("source.auth.oauth2", function_.source.auth->oauth2);
    collect_from("source.auth.awsv4", function_.source.auth->awsv4);
    add_all(spec::problems_of(*function_.source.auth));
    if (function_.source.auth->type == spec::AuthType::aws_v4 && function_.enabled_redirect) {
      add("enabledRedirect",
          "a request with an AWS signature follows no redirect: it is signed for one address");
    }
  }

  void collect_from_tls() {
    if (!function_.source.tls) return;
    const auto& tls = *function_.source.tls;
    if (tls.certificate.empty()) add("source.tls.certificate", "is empty");
    if (tls.private_key.empty()) add("source.tls.privateKey", "is empty");
    collect("source.tls.certificate", tls.certificate);
    collect("source.tls.privateKey", tls.private_key);
  }

  void check_policy() {
    if (!function_.policy) return;
    add_all(spec::problems_of(*function_.policy));
    const auto& method = function_.source.method;
    if (function_.policy->cache && method != "GET" && method != "HEAD") {
      add("policy.cache", "answers to " + method + " are not kept, those to GET and HEAD are");
    }
    const auto& pagination = function_.policy->pagination;
    if (pagination && pagination->argument && !arguments_.contains(*pagination->argument)) {
      add("policy.pagination.argument", "'" + *pagination->argument + "' is not one of the arguments");
    }
  }

  void collect_from_body() {
    if (!function_.source.body) return;
    const auto& body = *function_.source.body;
    if (body.raw) collect("source.body.raw", *body.raw);
    collect_from("source.body.urlencoded", body.urlencoded);
    collect_from("source.body.formdata", body.formdata);
    if (body.mode == spec::BodyMode::file) use("source.body", file_argument);
  }

  void collect_from(const std::string& field, const std::vector<spec::KeyValue>& entries) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto place = field + "[" + std::to_string(i) + "]";
      if (entries[i].key.empty()) add(place + ".key", "is empty");
      collect(place + ".key", entries[i].key);
      collect(place + ".value", entries[i].value);
    }
  }

  void collect(const std::string& field, std::string_view text) {
    while (true) {
      const auto open = text.find("{{");
      if (open == std::string_view::npos) return;
      const auto close = text.find("}}", open);
      if (close == std::string_view::npos) return add(field, "a `{{` has no `}}`");
      use(field, text.substr(open + 2, close - open - 2));
      text.remove_prefix(close + 2);
    }
  }

  void use(const std::string& field, std::string_view name) {
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!arguments_.contains(name)) add(field, "'" + std::string(name) + "' is not one of the arguments");
    used_.emplace(name);
  }

  void check_usage() {
    for (const auto& argument : function_.arguments) {
      if (!used_.contains(argument.name))
        add("arguments", "'" + argument.name + "' is not used in the source");
    }
  }

  void check_results() {
    check_schema("returnTypeSchema", function_.return_type_schema);
    for (std::size_t i = 0; i < function_.other_return_types.size(); ++i) {
      check_schema("otherReturnTypes[" + std::to_string(i) + "].schema",
                   function_.other_return_types[i].schema);
    }
  }

  void check_schema(const std::string& field, const JsonText& schema) {
    if (schema.empty()) return;
    const auto parsed = parse_json(schema.text, field);
    if (!parsed) return problems_.push_back(parsed.error().message);
    if (auto problem = schema_problem(*parsed)) add(field, *problem);
  }

  const spec::ApiFunction& function_;
  std::set<std::string, std::less<>> arguments_;
  std::set<std::string, std::less<>> used_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> check_api_function(const spec::ApiFunction& function) {
  return Check(function).run();
}

}  // namespace poly::training
