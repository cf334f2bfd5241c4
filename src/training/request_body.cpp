#include "training/request_body.hpp"

#include "training/media_type.hpp"
#include "training/schema_type.hpp"
#include "training/serialization.hpp"

namespace poly::training {
namespace {

BodyForm form_of(std::string_view media_type) {
  if (is_json(media_type)) return BodyForm::json;
  if (media_type == "application/x-www-form-urlencoded") return BodyForm::urlencoded;
  if (media_type == "multipart/form-data") return BodyForm::formdata;
  if (is_text(media_type)) return BodyForm::text;
  return BodyForm::binary;
}

// Smaller is better: JSON is what functions speak.
int rank_of(std::string_view media_type) {
  if (media_type == "application/json") return 0;
  if (is_wildcard(media_type)) return 2;
  switch (form_of(media_type)) {
    case BodyForm::json:
      return 1;
    case BodyForm::urlencoded:
      return 3;
    case BodyForm::formdata:
      return 4;
    case BodyForm::text:
      return 5;
    default:
      return 6;
  }
}

// A wildcard says nothing of the bytes, the schema may.
BodyForm form_of_wildcard(const OpenApiDocument& document, const JsonObject& media) {
  const auto* schema = media.if_contains("schema");
  return !schema || is_binary(document, *schema) ? BodyForm::binary : BodyForm::json;
}

class BodyWriter {
 public:
  BodyWriter(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas, const BodyPlan& plan)
      : draft_(draft), document_(document), schemas_(schemas), plan_(plan) {}

  void add_json() {
    const auto* schema = plan_.media->if_contains("schema");
    add_one(schema ? typed(document_, schemas_, *schema) : TypedSchema());
    set_raw("json");
    const bool is_usual = plan_.media_type == "application/json" || is_wildcard(plan_.media_type);
    if (!is_usual) add_content_type(plan_.media_type);
  }

  void add_text() {
    add_one({"string", {}});
    const bool is_xml = plan_.media_type.ends_with("xml");
    set_raw(is_xml ? "xml" : plan_.media_type == "text/html" ? "html" : "text");
    add_content_type(plan_.media_type);
  }

  void add_binary() {
    add_one({"string", {R"({"type":"string","format":"binary"})"}});
    draft_.function.source.body = {.mode = spec::BodyMode::file};
    add_content_type(is_wildcard(plan_.media_type) ? "application/octet-stream" : plan_.media_type);
  }

  void add_form() {
    const auto* schema = plan_.media->if_contains("schema");
    const auto properties = schema ? properties_of(document_, *schema) : ObjectProperties();
    if (properties.members.empty()) {
      throw Failure(ErrorKind::bad_request, "its " + plan_.media_type + " body names no fields");
    }
    spec::ApiBody body;
    const bool is_multipart = plan_.form == BodyForm::formdata;
    body.mode = is_multipart ? spec::BodyMode::formdata : spec::BodyMode::urlencoded;
    auto& fields = is_multipart ? body.formdata : body.urlencoded;
    for (const auto& [name, property] : properties.members) {
      const bool required = plan_.required && properties.required.contains(name);
      const auto argument = add_field(name, *property, required);
      spec::KeyValue field{name, placeholder(argument), std::nullopt};
      if (is_multipart) field.type = is_binary(document_, *property) ? "file" : "text";
      fields.push_back(std::move(field));
    }
    draft_.function.source.body = std::move(body);
  }

 private:
  void add_one(TypedSchema type) {
    spec::ApiArgument argument;
    argument.name = plan_.name;
    if (!plan_.description.empty()) argument.description = plan_.description;
    argument.required = plan_.required;
    argument.remove_if_not_present = !plan_.required;
    argument.type = std::move(type.type);
    argument.type_schema = std::move(type.schema);
    draft_.add(ArgumentGroup::body, std::move(argument));
  }

  std::string add_field(const std::string& name, const Json& property, bool required) {
    auto type = typed(document_, schemas_, property);
    spec::ApiArgument argument;
    argument.name = draft_.claim_name_for(name);
    const auto* object = document_.resolve(property).value->if_object();
    if (object && !text_of(*object, "description").empty())
      argument.description = text_of(*object, "description");
    argument.required = required;
    argument.remove_if_not_present = !required;
    argument.payload = true;
    argument.type = std::move(type.type);
    argument.type_schema = std::move(type.schema);
    argument.serialization = serialization_of_field(name);
    draft_.add(ArgumentGroup::body, argument);
    return argument.name;
  }

  // Fields are written like query parameters unless `encoding` says otherwise.
  std::optional<spec::Serialization> serialization_of_field(const std::string& name) const {
    return unusual_serialization(object_member(object_member(*plan_.media, "encoding"), name), "form");
  }

  void set_raw(std::string language) {
    draft_.function.source.body = {
        .mode = spec::BodyMode::raw, .raw = placeholder(plan_.name), .language = std::move(language)};
  }

  void add_content_type(std::string media_type) {
    draft_.function.source.headers.push_back({"Content-Type", std::move(media_type), std::nullopt});
  }

  FunctionDraft& draft_;
  const OpenApiDocument& document_;
  SchemaBook& schemas_;
  const BodyPlan& plan_;
};

}  // namespace

BodyPlan plan_body(FunctionDraft& draft, const OpenApiDocument& document, const JsonObject& operation) {
  BodyPlan plan;
  const auto* source = operation.if_contains("requestBody");
  if (!source) return plan;
  const auto& body = document.object(*source, "request body");
  plan.description = text_of(body, "description");
  plan.required = flag_member(body, "required");
  for (const auto& [key, media] : object_member(body, "content")) {
    auto media_type = bare_media_type(key);
    if (plan.media && rank_of(media_type) >= rank_of(plan.media_type)) continue;
    plan.media = &document.object(media, "media type");
    plan.media_type = std::move(media_type);
  }
  if (!plan.media) return plan;
  plan.form =
      is_wildcard(plan.media_type) ? form_of_wildcard(document, *plan.media) : form_of(plan.media_type);
  const bool is_form = plan.form == BodyForm::urlencoded || plan.form == BodyForm::formdata;
  plan.name = draft.claim_name({is_form ? "payload" : "body"});
  return plan;
}

void add_body(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
              const BodyPlan& plan) {
  BodyWriter writer(draft, document, schemas, plan);
  switch (plan.form) {
    case BodyForm::none:
      draft.function.source.body = {.mode = spec::BodyMode::empty};
      return;
    case BodyForm::json:
      return writer.add_json();
    case BodyForm::urlencoded:
    case BodyForm::formdata:
      return writer.add_form();
    case BodyForm::text:
      return writer.add_text();
    case BodyForm::binary:
      return writer.add_binary();
  }
}

}  // namespace poly::training
