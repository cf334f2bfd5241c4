// Requests as somebody recorded or wrote them down (a Postman collection, a HAR file, curl commands), in the
// one form that the reader of foreign descriptions gives all of them: toolchains/descriptions/README.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/api_function.hpp"
#include "training/specification_input.hpp"

namespace poly::training {

// `{{name}}` in a request, and what stood there once.
struct RecordedVariable {
  Json value;  // null: nobody knows
  std::string description;
  bool secret = false;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("value", self.value);
    field.optional("description", self.description);
    field.optional("secret", self.secret);
  }
  bool operator==(const RecordedVariable&) const = default;
};

// An answer that the other system gave.
struct RecordedSample {
  int status = 200;
  std::map<std::string, std::string> headers;
  std::string body;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("status", self.status);
    field.optional("headers", self.headers);
    field.optional("body", self.body);
  }
  bool operator==(const RecordedSample&) const = default;
};

struct RecordedRequest {
  std::string name;
  std::vector<std::string> group;  // folders, outermost first
  std::string description;
  std::string method = "GET";
  std::string url;
  std::vector<spec::KeyValue> headers;
  std::optional<spec::ApiAuth> auth;
  std::optional<spec::ApiBody> body;
  std::map<std::string, RecordedVariable> variables;
  std::vector<RecordedSample> samples;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("name", self.name);
    field.optional("group", self.group);
    field.optional("description", self.description);
    field.required("method", self.method);
    field.required("url", self.url);
    field.optional("headers", self.headers);
    field.optional("auth", self.auth);
    field.optional("body", self.body);
    field.optional("variables", self.variables);
    field.optional("samples", self.samples);
  }
  bool operator==(const RecordedRequest&) const = default;
};

struct Recording {
  std::string title;
  std::vector<RecordedRequest> requests;
  std::vector<Remark> warnings;  // what the reader left out

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("title", self.title);
    field.required("requests", self.requests);
    field.optional("warnings", self.warnings);
  }
  bool operator==(const Recording&) const = default;
};

}  // namespace poly::training
