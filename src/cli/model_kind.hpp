// What kind of description a person has, told by its name and its text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/enum_words.hpp"

namespace poly::cli {

enum class DescriptionKind { openapi, postman, har, curl, graphql, wsdl };

// The most likely kind; OpenAPI when nothing speaks for another, so that the server says what is wrong with
// it.
DescriptionKind kind_of(const std::filesystem::path& file, std::string_view text);

// Where the server reads it.
std::string reading_path(DescriptionKind kind);

}  // namespace poly::cli

template <>
inline constexpr auto poly::enum_words<poly::cli::DescriptionKind> =
    std::to_array<poly::EnumWord<poly::cli::DescriptionKind>>({
        {poly::cli::DescriptionKind::openapi, "openapi"},
        {poly::cli::DescriptionKind::postman, "postman"},
        {poly::cli::DescriptionKind::har, "har"},
        {poly::cli::DescriptionKind::curl, "curl"},
        {poly::cli::DescriptionKind::graphql, "graphql"},
        {poly::cli::DescriptionKind::wsdl, "wsdl"},
    });
