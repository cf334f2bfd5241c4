// A trigger: an event source bound to the server function that handles it (wire.md section 8.2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/resource.hpp"

namespace poly::spec {

struct ErrorHandlerSource {
  std::string path;
  std::optional<std::vector<std::string>> application_ids, user_ids, function_ids;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("path", self.path);
    field.optional("applicationIds", self.application_ids);
    field.optional("userIds", self.user_ids);
    field.optional("functionIds", self.function_ids);
  }
  bool operator==(const ErrorHandlerSource&) const = default;
};

struct TriggerSource {
  std::optional<ResourceId> webhook;
  std::optional<ErrorHandlerSource> error_handler;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("webhookHandleId", self.webhook);
    field.optional("errorHandler", self.error_handler);
  }
  bool operator==(const TriggerSource&) const = default;
};

struct TriggerDestination {
  ResourceId server_function;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.required("serverFunctionId", self.server_function);
  }
  bool operator==(const TriggerDestination&) const = default;
};

struct Trigger {
  std::optional<std::string> name;  // made from source and destination when absent
  TriggerSource source;
  TriggerDestination destination;
  bool wait_for_response = false;
  bool enabled = true;

  template <class Self, class Fields>
  static void fields(Self& self, Fields& field) {
    field.optional("name", self.name);
    field.required("source", self.source);
    field.required("destination", self.destination);
    field.optional("waitForResponse", self.wait_for_response);
    field.optional("enabled", self.enabled);
  }
  bool operator==(const Trigger&) const = default;
};

}  // namespace poly::spec
