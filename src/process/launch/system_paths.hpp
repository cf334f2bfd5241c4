// What every program may read of the system: programs and libraries, certificates, names and zones. Nothing
// of it is a secret, and nothing of it is ours. What is not there is left out.
#pragma once

#include <array>

namespace poly::launch {

inline constexpr std::array system_paths{
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/group",
    "/etc/java-17-openjdk",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/pki/tls/certs",
    "/etc/protocols",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/timezone",
    "/sys/devices/system/cpu",
};

// Where names are looked up, for those that have the network.
inline constexpr std::array network_paths{
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/resolv.conf",
};

inline constexpr std::array devices{
    "/dev/full", "/dev/null", "/dev/random", "/dev/urandom", "/dev/zero",
};

// Where the scratch folder is inside namespaces.
inline constexpr const char* private_scratch = "/tmp";

}  // namespace poly::launch
