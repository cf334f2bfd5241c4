// The commands of `poly model`, each in a file of its own, and the words that they share.
#pragma once

#include <string>
#include <string_view>

#include "cli/model_file.hpp"
#include "cli/shell.hpp"

namespace poly::cli {

// Each adds its word below `poly model`.
void add_model_generate(const Command& group, Shell& shell);
void add_model_validate(const Command& group, Shell& shell);
void add_model_train(const Command& group, Shell& shell);
void add_model_infer(const Command& group, Shell& shell);
void add_model_verify(const Command& group, Shell& shell);

// `3 functions`, `1 function`.
std::string counted(std::size_t count, std::string_view word);

// The model of a file; keys that nobody knows are warned about.
Model read_checked_model(Shell& shell, const std::string& argument);

// The entries of a member of an answer; none when it is missing.
const JsonArray& list_in(const Json& value, std::string_view member);

}  // namespace poly::cli
