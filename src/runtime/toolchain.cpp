#include "runtime/toolchain.hpp"

#include "base/codec.hpp"
#include "base/sha256.hpp"

namespace poly::runtime {
namespace {

struct Fault {
  std::string message;
  std::optional<int> line;
  std::optional<int> column;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("message", self.message);
    field.optional("line", self.line);
    field.optional("column", self.column);
  }

  std::string text() const {
    if (!line) return message;
    std::string where = "line " + std::to_string(*line);
    if (column) where += ", column " + std::to_string(*column);
    return where + ": " + message;
  }
};

struct Answer {
  bool ok = false;
  std::vector<Fault> errors;
  std::vector<Fault> warnings;
  std::string code;
  std::vector<spec::PropertySpecification> arguments;
  spec::PropertyType return_type = spec::PropertyType::any();
  bool synchronous = false;
  std::string description;
  std::vector<std::string> imports;
  spec::References references;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("ok", self.ok);
    field.optional("errors", self.errors);
    field.optional("warnings", self.warnings);
    field.optional("code", self.code);
    field.optional("arguments", self.arguments);
    field.optional("returnType", self.return_type);
    field.optional("synchronous", self.synchronous);
    field.optional("description", self.description);
    field.optional("imports", self.imports);
    field.optional("references", self.references);
  }
};

constexpr std::size_t revision_hash_digits = 8;

// The hex digits that clients compare: SHA-256 over the code without the comment lines it begins with
// (wire.md section 5.6).
std::string revision_hash(std::string_view source, spec::Language language) {
  const std::string_view comment = language == spec::Language::python ? "#" : "//";
  while (source.starts_with(comment)) {
    const auto line_end = source.find('\n');
    if (line_end == std::string_view::npos) break;
    source.remove_prefix(line_end + 1);
  }
  return sha256_hex(source).substr(0, revision_hash_digits);
}

std::string question_for(const Source& source) {
  JsonObject question{{"op", "describe"},
                      {"kind", source.runs_on_server ? "server" : "client"},
                      {"name", source.name},
                      {"language", word_of(source.language)},
                      {"source", source.text}};
  if (source.type_schemas.is_object()) question["typeSchemas"] = source.type_schemas;
  if (!source.layers.empty()) question["layers"] = encode(source.layers);
  return to_text(question);
}

Error faults(const Source& source, const std::vector<Fault>& errors) {
  Error error{ErrorKind::bad_request, "", "", {}};
  for (const auto& fault : errors) error.details.push_back(fault.text());
  error.message = "the source of '" + source.name + "' cannot be deployed";
  for (const auto& detail : error.details) error.message += "; " + detail;
  return error;
}

}  // namespace

Toolchain::Toolchain(Executor executor, TimerWheel& wheel, const RuntimeSettings& settings,
                     const ProgramFolder& programs)
    : executor_(executor), wheel_(wheel), settings_(settings), programs_(programs) {}

Task<Described> Toolchain::describe(Source source) {
  if (source.text.size() > source_bytes_max) {
    throw Failure(ErrorKind::too_large, "$.code: the source has " + std::to_string(source.text.size()) +
                                            " bytes, and 1048576 are the most");
  }
  const auto engine = value_or_throw(engine_of(source.language));
  value_or_throw(require_engine(settings_, engine));
  auto asking = tool_of(engine).ask(question_for(source));
  const std::string text = co_await std::move(asking);
  auto answer = value_or_throw(decode<Answer>(value_or_throw(parse_json(text, "the toolchain's answer"))));
  if (!answer.ok) throw Failure(faults(source, answer.errors));
  if (spec::runs_as_program(source.language)) {
    const auto name = program_name(source.name, source.text);
    auto keeping = programs_.keep(name, std::exchange(answer.code, name));
    co_await std::move(keeping);
  }

  Described described;
  described.description = std::move(answer.description);
  described.imports = std::move(answer.imports);
  auto& code = described.code;
  for (const auto& warning : answer.warnings) code.warnings.push_back(warning.text());
  code.language = source.language;
  code.hash = revision_hash(source.text, source.language);
  code.source = std::move(source.text);
  code.runnable = std::move(answer.code);
  code.interface = {std::move(answer.arguments), std::move(answer.return_type), answer.synchronous};
  code.references = std::move(answer.references);
  co_return described;
}

ToolProcess& Toolchain::tool_of(Engine engine) {
  auto& tool = tools_[engine];
  if (!tool) {
    const auto command = [this, engine] { return toolchain_command(settings_, engine); };
    tool = std::make_unique<ToolProcess>(executor_, wheel_, "the language toolchain", command);
  }
  return *tool;
}

Task<void> Toolchain::close() {
  for (auto& [engine, tool] : tools_) {
    auto closing = tool->close();
    co_await std::move(closing);
  }
}

}  // namespace poly::runtime
