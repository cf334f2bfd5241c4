// The numbers of events that /metrics shows.
#pragma once

#include "events/stored_event.hpp"
#include "journal/metrics.hpp"

namespace poly::events {

struct EventMetrics {
  explicit EventMetrics(journal::Metrics& metrics);

  journal::Counter& received(EventSource source) {
    return source == EventSource::webhook ? from_webhooks : from_failures;
  }

  journal::Counter& from_webhooks;
  journal::Counter& from_failures;
  journal::Counter& delivered;
  journal::Counter& retried;
  journal::Counter& dead;
  journal::Counter& dropped;  // failures that found no room, see Events::run_failed
  journal::Gauge& pending;
  journal::Histogram& delay;  // from the moment an event was due to the start of its run
};

}  // namespace poly::events
