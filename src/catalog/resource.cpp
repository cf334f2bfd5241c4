#include "catalog/resource.hpp"

namespace poly::catalog {
namespace {

template <class T>
spec::Head head_of(const T& definition) {
  if constexpr (requires { definition.head; }) {
    return definition.head;
  } else if constexpr (std::is_same_v<T, spec::Trigger>) {
    return spec::Head{.name = definition.name.value_or("")};
  } else {
    return spec::Head{.name = definition.name};
  }
}

template <std::size_t index = 0>
Result<Definition> decode_kind(std::size_t wanted, const Json& detail) {
  if constexpr (index == std::variant_size_v<Definition>) {
    return fail(ErrorKind::internal, "no such kind of resource");
  } else {
    if (index != wanted) return decode_kind<index + 1>(wanted, detail);
    auto definition = decode<std::variant_alternative_t<index, Definition>>(detail);
    if (!definition) return std::unexpected(std::move(definition).error());
    return Definition(std::in_place_index<index>, std::move(*definition));
  }
}

}  // namespace

NameSpace name_space_of(spec::Kind kind) {
  switch (kind) {
    case spec::Kind::api_function:
    case spec::Kind::server_function:
    case spec::Kind::client_function:
    case spec::Kind::webhook:
      return NameSpace::poly;
    case spec::Kind::trigger:
      return NameSpace::trigger;
    case spec::Kind::job:
      return NameSpace::job;
    case spec::Kind::variable:
      return NameSpace::vari;
    case spec::Kind::schema:
      return NameSpace::schemas;
    case spec::Kind::snippet:
      return NameSpace::snippets;
  }
  return NameSpace::poly;
}

const spec::Head& Resource::head() const {
  return own_head;
}

Resource make_resource(ResourceId id, TenantId tenant, EnvironmentId environment, Definition definition) {
  Resource resource;
  resource.id = id;
  resource.tenant = tenant;
  resource.environment = environment;
  resource.own_head = std::visit([](const auto& known) { return head_of(known); }, definition);
  resource.own_path = resource.own_head.path();
  resource.definition = std::move(definition);
  return resource;
}

std::string detail_text(const Definition& definition) {
  return std::visit([](const auto& known) { return encode_text(known); }, definition);
}

Result<Definition> definition_of(spec::Kind kind, const Json& detail) {
  return decode_kind(static_cast<std::size_t>(kind), detail);
}

}  // namespace poly::catalog
