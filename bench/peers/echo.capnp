# workerd with one worker, the peer of a warm server function. The address of the socket comes from the command line.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "echo", worker = .echo)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "echo")],
);

const echo :Workerd.Worker = (
  modules = [(name = "echo_workerd.mjs", esModule = embed "echo_workerd.mjs")],
  compatibilityDate = "2026-01-01",
);
