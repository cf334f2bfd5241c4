#include "runtime/frame_headers.hpp"

#include "base/codec.hpp"
#include "base/json.hpp"

namespace poly::runtime {
namespace {

struct ResultHeader {
  bool text = false;
  bool nothing = false;
  std::optional<int> status;
  std::optional<std::string> content_type;
  std::map<std::string, Json> headers;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("text", self.text);
    field.optional("void", self.nothing);
    field.optional("status", self.status);
    field.optional("contentType", self.content_type);
    field.optional("headers", self.headers);
  }
};

template <class Header>
Result<Header> read_header(const Frame& frame) {
  if (frame.header.empty()) return Header{};
  auto json = parse_json(frame.header, "the header of a worker's message");
  if (!json) return std::unexpected(std::move(json).error());
  return decode<Header>(*json);
}

std::string header_value(const Json& value) {
  return value.is_string() ? std::string(value.get_string()) : to_text(value);
}

}  // namespace

std::string ErrorHeader::text() const {
  std::string text = name.empty() || name == "Error" ? message : name + ": " + message;
  if (line) text += " (line " + std::to_string(*line) + ")";
  return text;
}

std::optional<int> ErrorHeader::status() const {
  if (!status_code || *status_code < error_status_min || *status_code > error_status_max) return std::nullopt;
  return static_cast<int>(*status_code);
}

Result<ErrorHeader> read_error_header(const Frame& frame) {
  return read_header<ErrorHeader>(frame);
}
Result<LogHeader> read_log_header(const Frame& frame) {
  return read_header<LogHeader>(frame);
}
Result<NestedHeader> read_nested_header(const Frame& frame) {
  return read_header<NestedHeader>(frame);
}

Result<CallResult> read_result_header(const Frame& frame) {
  CallResult result;
  if (frame.header.empty()) return result;
  auto header = read_header<ResultHeader>(frame);
  if (!header) return std::unexpected(std::move(header).error());
  result.text = header->text;
  result.nothing = header->nothing;
  result.status = header->status;
  result.content_type = std::move(header->content_type);
  for (const auto& [name, value] : header->headers) result.headers.emplace_back(name, header_value(value));
  return result;
}

std::string header_of_call(const Call& call) {
  std::string header = R"({"executionId":")" + call.execution.text() + '"';
  if (call.parent) header += R"(,"parentExecutionId":")" + call.parent->text() + '"';
  header += call.logs ? R"(,"logs":true)" : R"(,"logs":false)";
  if (!call.custom.empty()) header += R"(,"polyCustom":)" + call.custom;
  header += '}';
  return header;
}

std::string header_of_refusal(const Error& error, std::optional<int> status) {
  std::string header = R"({"error":{"message":)";
  append_quoted(header, error.message);
  if (status) header += R"(,"statusCode":)" + std::to_string(*status);
  header += R"(,"code":)";
  append_quoted(header, error.code.empty() ? to_string(error.kind) : std::string_view(error.code));
  header += "}}";
  return header;
}

std::string header_of_taken(std::size_t bytes) {
  return R"({"bytes":)" + std::to_string(bytes) + "}";
}

}  // namespace poly::runtime
