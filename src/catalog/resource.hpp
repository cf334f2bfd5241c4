// A resource of the catalog: a definition of one kind with its identity and times. Immutable; a change makes
// a new one with the same id.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/id.hpp"
#include "base/time.hpp"
#include "spec/api_function.hpp"
#include "spec/code_function.hpp"
#include "spec/job.hpp"
#include "spec/schema_definition.hpp"
#include "spec/trigger.hpp"
#include "spec/variable.hpp"
#include "spec/webhook.hpp"
#include "store/statement.hpp"

namespace poly::catalog {

// In the order of spec::Kind, which is the variant's index.
using Definition =
    std::variant<spec::ApiFunction, spec::ServerFunction, spec::ClientFunction, spec::Webhook, spec::Trigger,
                 spec::Job, spec::Variable, spec::SchemaDefinition, spec::Snippet>;

// Kinds whose paths must differ from each other: what stands under `poly.` in an SDK is one space.
enum class NameSpace { poly, trigger, job, vari, schemas, snippets };

NameSpace name_space_of(spec::Kind kind);

struct Resource {
  ResourceId id;
  TenantId tenant;
  EnvironmentId environment;
  Timestamp created_at;
  Timestamp updated_at;
  std::uint64_t version = 0;  // grows with every change of any resource; tells whether a cached form is stale
  Definition definition;
  store::Blob sealed_value;  // variables: the value as JSON text, sealed by the vault

  spec::Kind kind() const { return static_cast<spec::Kind>(definition.index()); }
  const spec::Head& head() const;  // of triggers and jobs: their name only
  const std::string& path() const { return own_path; }

  template <class T>
  const T& as() const {
    return std::get<T>(definition);
  }
  template <class T>
  const T* if_is() const {
    return std::get_if<T>(&definition);
  }

  // Filled by make_resource: triggers and jobs have no head of their own, and each call asks for a path.
  spec::Head own_head;
  std::string own_path;
};

using ResourcePointer = std::shared_ptr<const Resource>;

Resource make_resource(ResourceId id, TenantId tenant, EnvironmentId environment, Definition definition);

// The definition as the JSON that is stored, and back.
std::string detail_text(const Definition& definition);
Result<Definition> definition_of(spec::Kind kind, const Json& detail);

}  // namespace poly::catalog
