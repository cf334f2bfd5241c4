#include "events/event_metrics.hpp"

namespace poly::events {
namespace {

journal::Counter& received_from(journal::Metrics& metrics, EventSource source) {
  return metrics.counter("openpoly_events_received_total", "Events that were stored.",
                         {{"source", std::string(word_of(source))}});
}

}  // namespace

EventMetrics::EventMetrics(journal::Metrics& metrics)
    : from_webhooks(received_from(metrics, EventSource::webhook)),
      from_failures(received_from(metrics, EventSource::error_handler)),
      delivered(metrics.counter("openpoly_events_delivered_total", "Events whose function ended well.")),
      retried(metrics.counter("openpoly_events_retried_total", "Failed attempts that another one follows.")),
      dead(metrics.counter("openpoly_events_dead_total", "Events that were given up.")),
      dropped(metrics.counter("openpoly_events_dropped_total",
                              "Failed runs that no handler will hear of, because the queue was full.")),
      pending(metrics.gauge("openpoly_events_pending", "Events that wait or run.")),
      delay(metrics.histogram("openpoly_events_delay_milliseconds",
                              "From the moment an event was due to the start of its run.")) {}

}  // namespace poly::events
