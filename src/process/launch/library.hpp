// libpoly-sandbox.so: the same narrowing for a process that was not started by poly-launch but forked, such
// as a worker of a fork server. Whatever its language is, it needs nothing but a call of a C function.
#pragma once

extern "C" {

// `arguments` are those of poly-launch, each on a line of its own. Returns 0, or a number of errno after
// having told the reason on standard error; then the process is half narrowed and has to end.
//
// The caller has one thread and is no leader of others' work. With `namespaces=yes` the function returns in a
// new process: the caller itself stays behind as the one that waits for it, ends as it ends, and is ended by
// SIGTERM. The scratch folder is the current directory afterwards.
[[gnu::visibility("default")]] int poly_sandbox_enter(const char* arguments);
}
