#include "gateway/function_settings.hpp"

#include <fmt/format.h>

namespace poly::gateway {
namespace {

class Complaints {
 public:
  template <class T>
  void require_between(std::string_view field, const std::optional<T>& value, T least, T most,
                       std::string_view unit = "") {
    if (!value || (*value >= least && *value <= most)) return;
    add(fmt::format("$.{}: must be from {} to {}{}", field, least, most, unit));
  }
  void add(std::string line) { lines_.push_back(std::move(line)); }

  void throw_if_any() && {
    if (lines_.empty()) return;
    auto message = lines_.front();
    throw Failure(Error{ErrorKind::bad_request, std::move(message), {}, std::move(lines_)});
  }

 private:
  std::vector<std::string> lines_;
};

bool is_environment_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, is_part);
}

// What the worker and the programs that it starts rely on.
bool is_reserved(std::string_view name) {
  constexpr std::string_view own[]{"PATH",         "HOME",       "LANG",       "TMPDIR",
                                   "NODE_OPTIONS", "PYTHONPATH", "PYTHONHOME", "JAVA_TOOL_OPTIONS"};
  return name.starts_with("OPENPOLY_") || name.starts_with("LD_") ||
         std::ranges::find(own, name) != std::end(own);
}

void check_environment(Complaints& complaints, const spec::FunctionSettings& settings,
                       const catalog::Snapshot& snapshot, const catalog::Viewpoint& from) {
  if (settings.environment.size() > environment_names_max) {
    complaints.add(fmt::format("$.environment: {} names at most", environment_names_max));
  }
  std::size_t bytes = 0;
  for (const auto& [name, value] : settings.environment) {
    const auto where = "$.environment." + name;
    bytes += name.size() + value.value.value_or("").size();
    if (!is_environment_name(name)) {
      complaints.add(where + ": a name has letters, digits and underscores, and begins with no digit");
    } else if (is_reserved(name)) {
      complaints.add(where + ": is set by the runtime");
    }
    if (value.value.has_value() == value.variable.has_value()) {
      complaints.add(where + ": needs either `value` or `variable`");
    } else if (value.variable && !snapshot.find(from, catalog::NameSpace::vari, *value.variable)) {
      complaints.add(where + ".variable: there is no variable '" + *value.variable + "'");
    }
  }
  if (bytes > environment_bytes_max) {
    complaints.add(fmt::format("$.environment: {} bytes at most", environment_bytes_max));
  }
}

}  // namespace

void require_settings(const spec::FunctionSettings& settings, const runtime::RuntimeSettings& limits,
                      const catalog::Snapshot& snapshot, const catalog::Viewpoint& from) {
  const auto whole = [](auto number) { return static_cast<int>(number); };
  const auto seconds_max = std::chrono::duration_cast<std::chrono::seconds>(limits.time_limit_max).count();
  Complaints complaints;
  complaints.require_between("limitTime", settings.time_limit_seconds, 1, whole(seconds_max), " seconds");
  complaints.require_between("memory", settings.memory_mib, function_memory_mebibytes_min,
                             whole(limits.memory_bytes_max >> 20), " MiB");
  complaints.require_between("cpu", settings.cpu, function_cpu_min, limits.cpu_cores_max, " cores");
  complaints.require_between("concurrency", settings.concurrency, 1, whole(limits.concurrency_max));
  complaints.require_between("minScale", settings.min_scale, 0, whole(limits.instances_max));
  complaints.require_between("maxScale", settings.max_scale, 1, whole(limits.instances_max));
  if (settings.min_scale && settings.max_scale && *settings.min_scale > *settings.max_scale) {
    complaints.add("$.minScale: must not be more than maxScale");
  }
  check_environment(complaints, settings, snapshot, from);
  std::move(complaints).throw_if_any();
}

}  // namespace poly::gateway
