// The store's counters among the metrics: the store is below the journal and knows none.
#pragma once

#include "journal/metrics.hpp"
#include "store/store.hpp"

namespace poly::journal {

// The store must outlive the last render.
void watch_store(Metrics& metrics, const store::Store& store);

}  // namespace poly::journal
