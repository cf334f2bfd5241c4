// The sandbox of workers, as the settings want it and this machine allows it.
#pragma once

#include <memory>

#include "process/sandbox_host.hpp"
#include "server/settings.hpp"

namespace poly::server {

// Makes the folders that workers use, says in the log what they are held to, and leaves in `settings` what
// the runtime has to know. Null when it is switched off. Throws Failure when less can be had than is
// required. The data folder has to be ours alone: what another polyd left in it is removed.
std::unique_ptr<process::SandboxHost> open_sandbox(Settings& settings);

}  // namespace poly::server
