// The packages of a function that is deployed: what its request and its source ask for, and their
// installation.
#pragma once

#include "gateway/code_functions.hpp"
#include "gateway/deploy_request.hpp"

namespace poly::gateway {

// What the request declares, what the function had before when the request says nothing of it (`previous`),
// and what the source imports. A package of npm has the name it is imported by, so imports always count;
// names of Python's modules and packages differ, so a declaration stands as it is; a Java source names no
// packages.
std::vector<std::string> requirements_of(const DeployRequest& request, spec::Language language,
                                         const std::vector<std::string>& imports,
                                         const std::vector<std::string>& previous);

// Nothing for no requirements. `tell` hears each step, on the control loop. Throws as
// packages::Packages::install does.
Task<std::optional<packages::Layer>> install_packages(DeployParts parts, spec::Language language,
                                                      std::vector<std::string> requirements,
                                                      std::function<void(std::string_view)> tell);

void set_layer(spec::Code& code, const std::optional<packages::Layer>& layer);

// `layer` of an answer: `{"hash","packages"}`, and of the answer to a deploy also `{"reused","installMs"}`.
void add_layer(JsonObject& detail, const spec::Code& code);
JsonObject installation_of(const packages::Layer& layer);

}  // namespace poly::gateway
