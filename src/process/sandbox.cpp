#include "process/sandbox.hpp"

#include <algorithm>

namespace poly::process {

bool SandboxReport::has(std::string_view layer) const {
  return std::ranges::any_of(layers,
                             [layer](const SandboxLayer& one) { return one.on && one.name == layer; });
}

SandboxLevel SandboxReport::level() const {
  if (!has("seccomp") || (!has("landlock") && !has("namespaces"))) return SandboxLevel::none;
  if (!has("namespaces")) return SandboxLevel::basic;
  const bool is_limited = has("memory_limit") && has("process_limit") && has("cpu_limit");
  return is_limited ? SandboxLevel::full : SandboxLevel::namespaces;
}

std::string SandboxReport::words() const {
  std::string there, missing;
  for (const auto& layer : layers) {
    auto& list = layer.on ? there : missing;
    list.append(list.empty() ? "" : ", ").append(layer.name);
    if (!layer.note.empty()) list.append(" (").append(layer.note).append(")");
  }
  std::string text(word_of(level()));
  if (!there.empty()) text.append(": ").append(there);
  if (!missing.empty()) text.append("; without ").append(missing);
  return text;
}

}  // namespace poly::process
