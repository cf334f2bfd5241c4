#include "runtime/pool_metrics.hpp"

namespace poly::runtime {

PoolMetrics::PoolMetrics(journal::Metrics& metrics) {
  for (std::size_t i = 0; i < engine_count; ++i) {
    const journal::Labels labels{{"engine", std::string(word_of(static_cast<Engine>(i)))}};
    const auto counter = [&](std::string_view name, std::string_view help) {
      return &metrics.counter(name, help, labels);
    };
    const auto histogram = [&](std::string_view name, std::string_view help) {
      return &metrics.histogram(name, help, labels);
    };
    engines_[i] = {
        .cold_starts =
            counter("openpoly_function_instances_started_total", "Instances that loaded a function"),
        .start_failures =
            counter("openpoly_function_start_failures_total", "Instances that did not start or load"),
        .killed_for_memory =
            counter("openpoly_function_memory_kills_total", "Instances over their memory limit"),
        .put_away =
            counter("openpoly_function_instances_put_away_total", "Instances that were no longer wanted"),
        .scaled_up = counter("openpoly_function_scaled_up_total", "Decisions for more instances"),
        .scaled_down = counter("openpoly_function_scaled_down_total", "Decisions for fewer instances"),
        .instances = &metrics.gauge("openpoly_function_instances", "Instances there are", labels),
        .waiting_calls =
            &metrics.gauge("openpoly_function_waiting_calls", "Calls that wait for an instance", labels),
        .start_time = histogram("openpoly_function_start_milliseconds",
                                "From the wish for an instance to its code loaded"),
        .queue_time = histogram("openpoly_function_queue_milliseconds", "Calls before an instance took them"),
        .run_time = histogram("openpoly_function_run_milliseconds", "Calls inside an instance")};
  }
}

}  // namespace poly::runtime
