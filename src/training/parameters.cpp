#include "training/parameters.hpp"

#include <algorithm>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "base/ascii_case.hpp"
#include "training/schema_type.hpp"
#include "training/serialization.hpp"
#include "training/token.hpp"

namespace poly::training {
namespace {

[[noreturn]] void refuse(std::string reason) {
  throw Failure(ErrorKind::bad_request, std::move(reason));
}

// The order of the argument groups: a path parameter keeps its name, others give way.
constexpr auto places = std::to_array<std::string_view>({"path", "query", "header", "cookie"});

struct Parameter {
  std::string name;
  std::string place;  // path, query, header, cookie
  const JsonObject* source = nullptr;
};

void collect(const OpenApiDocument& document, const JsonArray& sources, std::vector<Parameter>& out) {
  for (const auto& source : sources) {
    const auto& object = document.object(source, "parameter");
    Parameter parameter{std::string(text_of(object, "name")), std::string(text_of(object, "in")), &object};
    if (parameter.name.empty()) refuse("a parameter has no `name`");
    if (std::ranges::find(places, parameter.place) == places.end()) {
      refuse("parameter '" + parameter.name + "' stands in '" + parameter.place +
             "'; known are path, query, header and cookie");
    }
    const auto known = std::ranges::find_if(out, [&](const Parameter& other) {
      return other.name == parameter.name && other.place == parameter.place;
    });
    if (known == out.end())
      out.push_back(std::move(parameter));
    else
      *known = std::move(parameter);
  }
}

std::optional<spec::Serialization> serialization_of(const Parameter& parameter) {
  const bool in_query = parameter.place == "query" || parameter.place == "cookie";
  return unusual_serialization(*parameter.source, in_query ? "form" : "simple");
}

// A parameter described by `content` is text that the caller wrote in that media type.
TypedSchema type_of_parameter(const OpenApiDocument& document, SchemaBook& schemas,
                              const Parameter& parameter) {
  if (parameter.source->contains("content")) return {"string", {}};
  const auto* schema = parameter.source->if_contains("schema");
  if (!schema) return {"string", {}};
  return typed(document, schemas, *schema);
}

spec::ApiArgument argument_for(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
                               const Parameter& parameter) {
  auto type = type_of_parameter(document, schemas, parameter);
  spec::ApiArgument argument;
  argument.name = draft.claim_name_for(parameter.name);
  if (const auto text = text_of(*parameter.source, "description"); !text.empty()) argument.description = text;
  argument.required = parameter.place == "path" || flag_member(*parameter.source, "required");
  argument.remove_if_not_present = !argument.required;
  argument.type = std::move(type.type);
  argument.type_schema = std::move(type.schema);
  argument.serialization = serialization_of(parameter);
  return argument;
}

// What OpenAPI says to ignore: these come from the body, the result and the security of the operation.
bool is_said_elsewhere(std::string_view header) {
  const auto small = lower(header);
  return small == "accept" || small == "content-type" || small == "authorization";
}

class PathTemplate {
 public:
  PathTemplate(FunctionDraft& draft, std::string_view path) : draft_(draft), path_(path) {
    if (!path.starts_with('/')) refuse("the path does not start with `/`");
    path_ = path_.substr(0, path_.find('#'));  // a fragment only tells operations apart, it is never sent
  }

  // Names between braces, in order.
  std::vector<std::string> holes() const {
    std::vector<std::string> out;
    walk([](std::string_view) {}, [&](std::string_view name) { out.emplace_back(name); });
    return out;
  }

  // The path with each hole replaced by the argument of that name; its query is put in front of others.
  void fill(const std::map<std::string, std::string, std::less<>>& arguments) {
    std::string filled;
    walk([&](std::string_view text) { filled += text; },
         [&](std::string_view name) { filled += placeholder(arguments.find(name)->second); });
    const auto question = filled.find('?');
    draft_.path = filled.substr(0, question);
    if (question != std::string::npos) draft_.query.insert(draft_.query.begin(), filled.substr(question + 1));
  }

 private:
  template <class OnText, class OnHole>
  void walk(OnText on_text, OnHole on_hole) const {
    auto rest = path_;
    while (true) {
      const auto brace = rest.find_first_of("{}");
      on_text(rest.substr(0, brace));
      if (brace == std::string_view::npos) return;
      const auto close = rest.find_first_of("{}", brace + 1);
      const bool is_hole =
          rest[brace] == '{' && close != std::string_view::npos && rest[close] == '}' && close > brace + 1;
      if (!is_hole) refuse("the braces of the path do not match");
      on_hole(rest.substr(brace + 1, close - brace - 1));
      rest.remove_prefix(close + 1);
    }
  }

  FunctionDraft& draft_;
  std::string_view path_;
};

class ParameterWriter {
 public:
  ParameterWriter(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
                  std::string_view path)
      : draft_(draft), document_(document), schemas_(schemas), path_(draft, path), holes_(path_.holes()) {}

  void add(const Parameter& parameter) {
    if (parameter.place == "path") return add_path(parameter);
    if (parameter.place == "query") return add_query(parameter);
    if (parameter.place == "header") return add_header(parameter);
    add_cookie(parameter);
  }

  void finish() {
    for (const auto& hole : holes_) {
      if (path_arguments_.contains(hole)) continue;
      draft_.warnings.push_back("the path names '" + hole + "' without a parameter: taken as required text");
      const auto name = draft_.claim_name_for(hole);
      draft_.add(ArgumentGroup::path, {.name = name, .type = "string"});
      path_arguments_[hole] = name;
    }
    path_.fill(path_arguments_);
  }

 private:
  void add_path(const Parameter& parameter) {
    if (std::ranges::find(holes_, parameter.name) == holes_.end()) {
      draft_.warnings.push_back("parameter '" + parameter.name + "' is left out: the path does not name it");
      return;
    }
    auto argument = argument_for(draft_, document_, schemas_, parameter);
    path_arguments_[parameter.name] = argument.name;
    draft_.add(ArgumentGroup::path, std::move(argument));
  }

  void add_query(const Parameter& parameter) {
    auto argument = argument_for(draft_, document_, schemas_, parameter);
    if (flag_member(*parameter.source, "allowReserved")) {
      draft_.warnings.push_back("parameter '" + parameter.name +
                                "': `allowReserved` is not kept, reserved characters are encoded");
    }
    draft_.query.push_back(query_key(parameter.name) + "=" + placeholder(argument.name));
    draft_.add(ArgumentGroup::query, std::move(argument));
  }

  void add_header(const Parameter& parameter) {
    if (is_said_elsewhere(parameter.name)) return;
    if (!is_wire_name(parameter.name, parameter.place))
      refuse("header parameter '" + parameter.name + "' is no name of a header");
    auto argument = argument_for(draft_, document_, schemas_, parameter);
    draft_.function.source.headers.push_back({parameter.name, placeholder(argument.name), std::nullopt});
    draft_.add(ArgumentGroup::header, std::move(argument));
  }

  // One header line for each cookie, so that one that is not given takes nothing else with it.
  void add_cookie(const Parameter& parameter) {
    if (!is_wire_name(parameter.name, parameter.place))
      refuse("cookie parameter '" + parameter.name + "' is no name of a cookie");
    auto argument = argument_for(draft_, document_, schemas_, parameter);
    draft_.function.source.headers.push_back(
        {"Cookie", parameter.name + "=" + placeholder(argument.name), std::nullopt});
    draft_.add(ArgumentGroup::cookie, std::move(argument));
  }

  FunctionDraft& draft_;
  const OpenApiDocument& document_;
  SchemaBook& schemas_;
  PathTemplate path_;
  std::vector<std::string> holes_;
  std::map<std::string, std::string, std::less<>> path_arguments_;
};

}  // namespace

std::string query_key(std::string_view name) {
  return boost::urls::encode(name,
                             boost::urls::unreserved_chars + boost::urls::grammar::lut_chars("$:@!,;*()'/"));
}

bool is_wire_name(std::string_view name, std::string_view place) {
  return place == "query" ? !name.empty() : is_token(name);
}

void add_parameters(FunctionDraft& draft, const OpenApiDocument& document, SchemaBook& schemas,
                    std::string_view path, const JsonObject& path_item, const JsonObject& operation) {
  std::vector<Parameter> parameters;
  collect(document, array_member(path_item, "parameters"), parameters);
  collect(document, array_member(operation, "parameters"), parameters);
  ParameterWriter writer(draft, document, schemas, path);
  for (const auto place : places) {
    for (const auto& parameter : parameters) {
      if (parameter.place == place) writer.add(parameter);
    }
  }
  writer.finish();
}

}  // namespace poly::training
