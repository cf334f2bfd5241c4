// What training hands over (wire.md section 5.5): the functions, webhooks and schemas that a document of
// another system became, ready to be edited and published, and a report on what it did not become.
#pragma once

#include <string>
#include <vector>

#include "spec/api_function.hpp"
#include "spec/schema_definition.hpp"
#include "spec/webhook.hpp"

namespace poly::training {

// Something of the document that deserves a word: an operation that was refused, or a detail that was
// left out of one that was kept.
struct Remark {
  std::string method;  // GET, POST …; as in the document
  std::string path;    // a path of the document, or `webhooks/<name>`
  std::string reason;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("method", self.method);
    field.required("path", self.path);
    field.required("reason", self.reason);
  }
  bool operator==(const Remark&) const = default;
};

// operations = functions + webhooks + refused.
struct TrainingReport {
  int operations = 0;
  std::vector<Remark> refused;
  std::vector<Remark> warnings;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("operations", self.operations);
    field.optional("refused", self.refused);
    field.optional("warnings", self.warnings);
  }
  bool operator==(const TrainingReport&) const = default;
};

struct SpecificationInput {
  std::string title;
  std::vector<spec::ApiFunction> functions;
  std::vector<spec::Webhook> webhooks;
  std::vector<spec::SchemaDefinition> schemas;
  std::optional<TrainingReport> report;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("title", self.title);
    field.optional("functions", self.functions);
    field.optional("webhooks", self.webhooks);
    field.optional("schemas", self.schemas);
    field.optional("report", self.report);
  }
  bool operator==(const SpecificationInput&) const = default;
};

}  // namespace poly::training
