// Finding a function by id or path, whatever its kind.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/enum_words.hpp"
#include "cli/api.hpp"

namespace poly::cli {

enum class FunctionKind { api, server, client };

struct FoundFunction {
  std::string id;
  FunctionKind kind = FunctionKind::api;
  std::string path;  // as it was asked for when the server does not say it
};

// Throws Failure{not_found}; {unsupported} for a kind that this program does not know.
FoundFunction find_function(const Api& api, std::string_view id_or_path);
// The id of a server function; a Failure that says what it is when it is another kind.
std::string find_server_function_id(const Api& api, std::string_view id_or_path);

// `/functions/server`, `/functions/server/{id}`.
std::string collection_of(FunctionKind kind);
std::string function_path(const FoundFunction& function);

}  // namespace poly::cli

template <>
inline constexpr auto poly::enum_words<poly::cli::FunctionKind> =
    std::to_array<poly::EnumWord<poly::cli::FunctionKind>>({
        {poly::cli::FunctionKind::api, "api"},
        {poly::cli::FunctionKind::server, "server"},
        {poly::cli::FunctionKind::client, "client"},
    });
