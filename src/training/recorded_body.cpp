#include "training/recorded_body.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"
#include "spec/json_schema_infer.hpp"
#include "training/media_type.hpp"

namespace poly::training {
namespace {

constexpr std::string_view body_argument = "body";
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

bool has_holes(const std::vector<spec::KeyValue>& fields) {
  return std::ranges::any_of(fields, [](const auto& field) {
    return training::has_holes(field.key) || training::has_holes(field.value);
  });
}

bool is_template(const spec::ApiBody& body) {
  return training::has_holes(body.raw.value_or("")) || has_holes(body.urlencoded) || has_holes(body.formdata);
}

bool is_secret(const spec::KeyValue& field) {
  return field.value == redacted || names_a_secret(field.key);
}

bool is_form(const spec::ApiBody& body) {
  return body.mode == spec::BodyMode::urlencoded || body.mode == spec::BodyMode::formdata;
}

// What the text is, by what the request says of it and else by what it looks like.
std::string language_of(const spec::ApiBody& body, std::string_view media_type) {
  if (body.language) return *body.language;
  if (is_json(media_type)) return "json";
  if (media_type == "text/html") return "html";
  if (media_type.ends_with("xml")) return "xml";
  if (media_type.ends_with("javascript")) return "javascript";
  if (!media_type.empty()) return "text";
  const auto text = body.raw.value_or("");
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "text";
  return text[first] == '{' || text[first] == '[' ? "json" : text[first] == '<' ? "xml" : "text";
}

// An example shows which members there are, not which of them are needed; and of `5` or `null` not that there
// is never a fraction or a value.
void loosen(Json& schema) {
  auto* object = schema.if_object();
  if (!object) return;
  object->erase("required");
  const auto* type = object->if_contains("type");
  if (type && *type == "integer") (*object)["type"] = "number";
  if (type && *type == "null") object->erase("type");
  if (auto* properties = object->if_contains("properties")) {
    for (auto& [name, property] : properties->get_object()) loosen(property);
  }
  if (auto* items = object->if_contains("items")) loosen(*items);
}

SampleType type_of_example(const Json& example) {
  auto schema = spec::infer_schema(example);
  loosen(schema);
  return inferred_type(std::move(schema.get_object()));
}

// `{"query":"…","variables":{…}}` and nothing else.
bool is_graphql(const Json& body) {
  const auto* object = body.if_object();
  if (!object) return false;
  const auto* query = object->if_contains("query");
  const auto* variables = object->if_contains("variables");
  const bool is_known = std::ranges::all_of(*object, [](const auto& member) {
    return member.key() == "query" || member.key() == "variables" || member.key() == "operationName";
  });
  return is_known && query && query->is_string() && std::string_view(query->get_string()).contains('{') &&
         (!variables || variables->is_object());
}

class BodyWriter {
 public:
  BodyWriter(FunctionDraft& draft, RecordedVariables& variables, const RecordedRequest& request)
      : draft_(draft), variables_(variables), body_(*request.body), media_type_(sent_media_type(request)) {}

  void write() {
    switch (body_.mode) {
      case spec::BodyMode::empty:
        return;
      case spec::BodyMode::raw:
        return add_raw();
      case spec::BodyMode::urlencoded:
      case spec::BodyMode::formdata:
        return add_form();
      case spec::BodyMode::file:
        return add_file();
    }
  }

 private:
  void add_raw() {
    const auto text = body_.raw.value_or("");
    const auto language = language_of(body_, media_type_);
    if (language != "json") return add_text(text, language);
    if (media_type_ != "application/json") add_content_type();
    if (is_template(body_)) return set_raw(variables_.fill_json(text), language);
    const auto example = parse_json(text, "the body");
    if (!example) return add_text(text, language);
    if (is_graphql(*example)) return add_graphql(*example);
    add_one(type_of_example(*example));
    set_raw(placeholder(body_argument), language);
  }

  void add_text(const std::string& text, const std::string& language) {
    if (media_type_ != "text/plain" || language != "text") add_content_type();
    if (is_template(body_)) return set_raw(variables_.fill(text, ArgumentGroup::body), language);
    if (text.empty()) return;
    add_one({"string", {}});
    set_raw(placeholder(body_argument), language);
  }

  // The query is the function; what changes from call to call are its variables.
  void add_graphql(const Json& example) {
    draft_.function.api_type = "graphql";
    JsonObject parts = example.get_object();
    const auto* variables = parts.if_contains("variables");
    if (!variables || variables->get_object().empty()) return set_raw(to_text(parts), "json");
    const auto name = draft_.claim_name_for("variables");
    auto type = type_of_example(*variables);
    spec::ApiArgument argument;
    argument.name = name;
    argument.description = "The variables of the query.";
    argument.type = std::move(type.type);
    argument.type_schema = std::move(type.schema);
    draft_.add(ArgumentGroup::body, std::move(argument));
    parts.erase("variables");
    auto text = to_text(parts);
    text.pop_back();
    set_raw(text + ",\"variables\":" + placeholder(name) + "}", "json");
  }

  void add_form() {
    const bool keeps_literals = is_template(body_);
    const bool is_multipart = body_.mode == spec::BodyMode::formdata;
    spec::ApiBody out{.mode = body_.mode};
    for (const auto& field : is_multipart ? body_.formdata : body_.urlencoded) {
      (is_multipart ? out.formdata : out.urlencoded).push_back(field_of(field, keeps_literals));
    }
    draft_.function.source.body = std::move(out);
  }

  spec::KeyValue field_of(const spec::KeyValue& field, bool keeps_literals) {
    const bool is_file = field.type == "file";
    spec::KeyValue out{variables_.fill(field.key, ArgumentGroup::body), field.value, field.type};
    if (training::has_holes(field.value))
      out.value = variables_.fill(field.value, ArgumentGroup::body);
    else if (is_file || !keeps_literals || is_secret(field))
      out.value = add_field(field, is_file);
    return out;
  }

  std::string add_field(const spec::KeyValue& field, bool is_file) {
    spec::ApiArgument argument;
    argument.name = draft_.claim_name_for(field.key);
    argument.secure = is_secret(field);
    argument.required = false;
    argument.remove_if_not_present = true;
    argument.payload = true;
    argument.type = is_file || argument.secure ? "string" : type_of_text(field.value);
    if (is_file)
      argument.type_schema = {R"({"type":"string","format":"binary"})"};
    else
      argument.description = example_of(field.key, field.value);
    auto hole = placeholder(argument.name);
    draft_.add(ArgumentGroup::body, std::move(argument));
    return hole;
  }

  void add_file() {
    add_one({"string", {R"({"type":"string","format":"binary"})"}});
    draft_.function.source.body = {.mode = spec::BodyMode::file};
    if (media_type_ != "application/octet-stream") add_content_type();
  }

  void add_one(SampleType type) {
    spec::ApiArgument argument;
    argument.name = body_argument;
    argument.type = std::move(type.type);
    argument.type_schema = std::move(type.schema);
    draft_.add(ArgumentGroup::body, std::move(argument));
  }

  void set_raw(std::string raw, std::string language) {
    draft_.function.source.body = {
        .mode = spec::BodyMode::raw, .raw = std::move(raw), .language = std::move(language)};
  }

  void add_content_type() {
    if (!media_type_.empty())
      draft_.function.source.headers.push_back({"Content-Type", media_type_, std::nullopt});
  }

  FunctionDraft& draft_;
  RecordedVariables& variables_;
  const spec::ApiBody& body_;
  std::string media_type_;
};

}  // namespace

void claim_body_names(FunctionDraft& draft, const RecordedRequest& request) {
  if (!request.body || request.body->mode == spec::BodyMode::empty) return;
  if (is_form(*request.body))
    draft.claim_name({"payload"});
  else if (!is_template(*request.body))
    draft.claim_name({std::string(body_argument)});
}

void add_recorded_body(FunctionDraft& draft, RecordedVariables& variables, const RecordedRequest& request) {
  if (request.body) BodyWriter(draft, variables, request).write();
}

std::string sent_media_type(const RecordedRequest& request) {
  for (const auto& header : request.headers) {
    if (lower(header.key) == "content-type" && !training::has_holes(header.value))
      return bare_media_type(header.value);
  }
  return request.body && request.body->mode == spec::BodyMode::urlencoded ? std::string(form_type) : "";
}

}  // namespace poly::training
