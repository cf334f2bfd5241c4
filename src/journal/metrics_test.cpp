#include "journal/metrics.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poly::journal {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Metrics, RendersCountersAndGaugesAsPrometheusText) {
  Metrics metrics;
  metrics.counter("poly_calls_total", "Calls.", {{"kind", "api"}, {"status", "ok"}}).add(3);
  metrics.gauge("poly_instances", "Instances.").set(-2);
  metrics.watch("poly_queue", "Waiting.", Metrics::Type::gauge, [] { return 1.5; });
  EXPECT_EQ(metrics.render(),
            "# HELP poly_calls_total Calls.\n# TYPE poly_calls_total counter\n"
            "poly_calls_total{kind=\"api\",status=\"ok\"} 3\n"
            "# HELP poly_instances Instances.\n# TYPE poly_instances gauge\npoly_instances -2\n"
            "# HELP poly_queue Waiting.\n# TYPE poly_queue gauge\npoly_queue 1.5\n");
}

TEST(Metrics, GivesTheSameObjectForTheSameNameAndLabels) {
  Metrics metrics;
  auto& first = metrics.counter("a", "", {{"x", "1"}});
  EXPECT_EQ(&first, &metrics.counter("a", "", {{"x", "1"}}));
  EXPECT_NE(&first, &metrics.counter("a", "", {{"x", "2"}}));
}

TEST(Metrics, EscapesLabelValuesAndHelp) {
  Metrics metrics;
  metrics.counter("a", "say \"hi\"\n\\", {{"x", "\"\\\n"}});
  EXPECT_EQ(metrics.render(), "# HELP a say \"hi\"\\n\\\\\n# TYPE a counter\na{x=\"\\\"\\\\\\n\"} 0\n");
}

TEST(Metrics, CountsADurationInEveryBucketThatHoldsIt) {
  Metrics metrics;
  auto& histogram = metrics.histogram("t_milliseconds", "Time.", {{"k", "v"}});
  for (const auto duration : std::to_array<std::chrono::nanoseconds>({100us, 101us, 1ms, 30s, 31s, -1ms})) {
    histogram.observe(duration);
  }
  const auto text = metrics.render();
  EXPECT_THAT(text, HasSubstr("t_milliseconds_bucket{k=\"v\",le=\"0.1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("t_milliseconds_bucket{k=\"v\",le=\"0.25\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("t_milliseconds_bucket{k=\"v\",le=\"1\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("t_milliseconds_bucket{k=\"v\",le=\"30000\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("t_milliseconds_bucket{k=\"v\",le=\"+Inf\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("t_milliseconds_sum{k=\"v\"} 61001.201\n"));
  EXPECT_THAT(text, HasSubstr("t_milliseconds_count{k=\"v\"} 6\n"));
}

TEST(Metrics, LosesNothingWhenManyThreadsCount) {
  Metrics metrics;
  auto& counter = metrics.counter("a", "");
  auto& histogram = metrics.histogram("b", "");
  constexpr int threads = 20;
  constexpr int each = 1'000;
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&] {
        for (int n = 0; n < each; ++n) {
          counter.add();
          histogram.observe(1ms);
        }
      });
    }
  }
  EXPECT_EQ(counter.value(), static_cast<std::uint64_t>(threads * each));
  EXPECT_EQ(histogram.totals().buckets[3], static_cast<std::uint64_t>(threads * each));
}

TEST(Metrics, CountsSeriesPastTheLimitTogether) {
  Metrics metrics;
  for (std::size_t i = 0; i < series_max + 2; ++i) metrics.counter("a", "", {{"x", std::to_string(i)}}).add();
  const auto text = metrics.render();
  EXPECT_THAT(text, HasSubstr("a{x=\"" + std::to_string(series_max - 1) + "\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("a{overflow=\"true\"} 2\n"));
}

TEST(MetricsDeathTest, StopsAtANameThatPrometheusDoesNotTakeOrTwoTypesOfOneName) {
  Metrics metrics;
  EXPECT_DEATH(metrics.counter("no-dashes", ""), "is_metric_name");
  EXPECT_DEATH(metrics.counter("", ""), "is_metric_name");
  metrics.counter("a", "");
  EXPECT_DEATH(metrics.gauge("a", ""), "type == type");
}

}  // namespace
}  // namespace poly::journal
