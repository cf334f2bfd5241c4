#include "base/codec_problems.hpp"

namespace poly::codec {

std::string_view kind_name(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return "boolean";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_:
      return "number";
    case boost::json::kind::string:
      return "string";
    case boost::json::kind::array:
      return "array";
    case boost::json::kind::object:
      return "object";
  }
  return "unknown";
}

std::size_t Problems::push(std::string_view member) {
  const auto mark = path_.size();
  path_.append(".").append(member);
  return mark;
}

std::size_t Problems::push(std::size_t index) {
  const auto mark = path_.size();
  path_.append("[").append(std::to_string(index)).append("]");
  return mark;
}

void Problems::add(std::string_view reason) {
  if (lines_.size() >= problems_max) return;
  lines_.push_back(path_ + ": " + std::string(reason));
}

void Problems::expected(std::string_view what, const Json& got) {
  add("expected " + std::string(what) + ", got " + std::string(kind_name(got)));
}

Error wrong_fields(Problems problems) {
  Error error{ErrorKind::bad_request, "", "", problems.take()};
  for (const auto& line : error.details) error.message += (error.message.empty() ? "" : "; ") + line;
  return error;
}

}  // namespace poly::codec
