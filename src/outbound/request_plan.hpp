// An API function made ready to run: templates cut, query and headers listed, once for each version of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "outbound/json_template.hpp"
#include "outbound/template.hpp"
#include "spec/api_function.hpp"

namespace poly::outbound {

class RequestPlan final {
 public:
  // Throws Failure{not_built} for a method that the client does not speak.
  explicit RequestPlan(const spec::ApiFunction& function);

  // The request for one call. Throws Failure{bad_request} when an argument does not fit its place: a line
  // break in a header, a host with other characters than a host has, an address that is no URL.
  http::ClientRequest render(const Arguments& arguments) const;

  bool follows_redirects() const { return follows_redirects_; }

 private:
  // A key with a value in query, header or form.
  struct Field {
    std::string key;
    Template value;
    bool removable = false;  // not sent when its argument was not given
    spec::Serialization style;
    bool is_file = false;
  };

  Field field_of(const spec::KeyValue& pair) const;
  void plan_url(std::string_view url);
  void plan_auth(const spec::ApiAuth& auth);
  void plan_body(const spec::ApiBody& body);

  bool is_absent(const Field& field, const Arguments& arguments) const;
  std::string render_base(const Arguments& arguments) const;
  void append_query(std::string& target, const Field& field, const Arguments& arguments) const;
  void add_headers(http::Headers& headers, const Arguments& arguments) const;
  void add_auth(http::Headers& headers, const Arguments& arguments) const;
  void add_body(http::ClientRequest& request, const Arguments& arguments) const;
  std::string render_form(const Arguments& arguments) const;
  std::string render_multipart(const Arguments& arguments, std::string_view boundary) const;

  std::map<std::string, spec::Serialization> styles_;  // by argument
  std::set<std::string> removable_;
  http::Method method_ = http::Method::get;
  bool follows_redirects_ = false;
  Template base_;  // everything before the query
  std::vector<Field> query_;
  std::vector<Field> headers_;
  spec::AuthType auth_ = spec::AuthType::none;
  Template user_, password_, token_;
  std::optional<Field> cookie_;
  spec::BodyMode body_mode_ = spec::BodyMode::empty;
  std::string body_type_;
  std::optional<JsonTemplate> json_body_;
  Template text_body_;
  bool is_markup_ = false;  // texts are put between elements of XML or HTML
  std::vector<Field> form_;
};

}  // namespace poly::outbound
