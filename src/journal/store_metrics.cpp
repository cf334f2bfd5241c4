#include "journal/store_metrics.hpp"

namespace poly::journal {

namespace {

struct Watched {
  std::string_view name;
  std::string_view help;
  Metrics::Type type;
  std::uint64_t store::StoreCounters::* counter;
};

using enum Metrics::Type;
constexpr auto all_watched = std::to_array<Watched>({
    {"poly_store_batches_total", "Batches of writes that were committed.", counter,
     &store::StoreCounters::batches},
    {"poly_store_batches_failed_total", "Batches of writes that were undone.", counter,
     &store::StoreCounters::batches_failed},
    {"poly_store_commits_total", "Transactions that were committed, each of one or more batches.", counter,
     &store::StoreCounters::commits},
    {"poly_store_rows_total", "Rows that committed batches changed.", counter, &store::StoreCounters::rows},
    {"poly_store_rows_dropped_total", "Rows of the journal that found the queue full.", counter,
     &store::StoreCounters::rows_dropped},
    {"poly_store_reads_total", "Queries.", counter, &store::StoreCounters::reads},
    {"poly_store_queued_batches", "Batches that wait for the writer.", gauge,
     &store::StoreCounters::queued_batches},
    {"poly_store_queued_bytes", "Bytes that wait for the writer.", gauge,
     &store::StoreCounters::queued_bytes},
});

}  // namespace

void watch_store(Metrics& metrics, const store::Store& store) {
  for (const auto& watched : all_watched) {
    auto read = [&store, counter = watched.counter] {
      return static_cast<double>(store.counters().*counter);
    };
    metrics.watch(watched.name, watched.help, watched.type, std::move(read));
  }
}

}  // namespace poly::journal
