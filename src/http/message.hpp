// HTTP messages as plain values.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poly::http {

enum class Method { get, head, post, put, patch, delete_, options };

std::string_view to_string(Method method);
std::optional<Method> parse_method(std::string_view text);  // upper case, as on the wire

// Header names compare without case.
bool same_header_name(std::string_view a, std::string_view b);

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

// Header fields in order; names compare without case; a name may occur more than once.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  const std::string* find(std::string_view name) const;  // the first of that name
  std::string_view get(std::string_view name) const;     // "" when absent
  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  void set(std::string_view name, std::string value);  // replaces all of that name
  void remove(std::string_view name);

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }

 private:
  std::vector<Header> fields_;
};

struct Request {
  Method method = Method::get;
  std::string target;  // as received: path and, after '?', the query
  Headers headers;
  std::string body;
  std::string peer;  // address of the caller, without port

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
  }
};

class BodySource;

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  // When set, `body` is not looked at: the body is sent as the source makes it (body_source.hpp).
  std::shared_ptr<BodySource> body_source = nullptr;
};

}  // namespace poly::http
