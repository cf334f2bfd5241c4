#include "journal/store_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/testing.hpp"

namespace poly::journal {
namespace {

TEST(StoreMetrics, ShowWhatTheStoreCounted) {
  store::TestStore data;
  Metrics metrics;
  watch_store(metrics, *data.store);
  store::finish(data.store->write(
      {store::statement("INSERT INTO tenants (id, name, created_at) VALUES ('a', 'a', 0)"),
       store::statement("INSERT INTO tenants (id, name, created_at) VALUES ('b', 'b', 0)")}));
  const auto text = metrics.render();
  EXPECT_THAT(text, testing::HasSubstr("# TYPE poly_store_rows_total counter\npoly_store_rows_total 2\n"));
  EXPECT_THAT(text, testing::HasSubstr("poly_store_batches_total 1\n"));
  EXPECT_THAT(text,
              testing::HasSubstr("# TYPE poly_store_queued_batches gauge\npoly_store_queued_batches 0\n"));
}

}  // namespace
}  // namespace poly::journal
