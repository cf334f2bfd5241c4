#include "journal/metrics.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/error.hpp"

namespace poly::journal {

namespace {

bool is_metric_name(std::string_view name) {
  const auto fits = [](char sign) {
    return std::isalnum(static_cast<unsigned char>(sign)) || sign == '_' || sign == ':';
  };
  return !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         std::ranges::all_of(name, fits);
}

void append_number(std::string& out, double number) {
  std::array<char, 32> text;
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void append_number(std::string& out, std::uint64_t number) {
  out.append(std::to_string(number));
}
void append_number(std::string& out, std::int64_t number) {
  out.append(std::to_string(number));
}

// What the format cannot carry as it is: in help texts a quote is allowed, in label values not.
void append_escaped(std::string& out, std::string_view text, std::string_view special) {
  for (const char sign : text) {
    if (special.contains(sign)) out.push_back('\\');
    out.push_back(sign == '\n' ? 'n' : sign);
  }
}

// `a="1",b="2"`.
std::string label_text(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    CHECK(is_metric_name(name));
    if (!out.empty()) out.push_back(',');
    out.append(name).append("=\"");
    append_escaped(out, value, "\\\"\n");
    out.push_back('"');
  }
  return out;
}

std::string_view type_word(Metrics::Type type) {
  switch (type) {
    case Metrics::Type::counter:
      return "counter";
    case Metrics::Type::gauge:
      return "gauge";
    case Metrics::Type::histogram:
      return "histogram";
  }
  return "untyped";
}

void append_line(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels,
                 auto value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.push_back(' ');
  append_number(out, value);
  out.push_back('\n');
}

void append_histogram(std::string& out, std::string_view name, const std::string& labels,
                      const Histogram& histogram) {
  const auto totals = histogram.totals();
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < totals.buckets.size(); ++i) {
    count += totals.buckets[i];
    std::string with_bound = labels.empty() ? "le=\"" : labels + ",le=\"";
    if (i < Histogram::bounds_ms.size()) {
      append_number(with_bound, Histogram::bounds_ms[i]);
    } else {
      with_bound.append("+Inf");
    }
    append_line(out, name, "_bucket", with_bound.append("\""), count);
  }
  append_line(out, name, "_sum", labels, totals.sum_ms);
  append_line(out, name, "_count", labels, count);
}

}  // namespace

std::size_t metric_shard() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t shard = threads.fetch_add(1, std::memory_order_relaxed) % metric_shards;
  return shard;
}

std::uint64_t Counter::value() const {
  std::uint64_t sum = 0;
  for (const auto& cell : cells_) sum += cell.value.load(std::memory_order_relaxed);
  return sum;
}

void Histogram::observe(std::chrono::nanoseconds duration) {
  const auto nanoseconds = std::max<std::int64_t>(0, duration.count());
  const auto bound = std::ranges::lower_bound(bounds_ms, static_cast<double>(nanoseconds) / 1e6);
  auto& cell = cells_[metric_shard()];
  cell.buckets[static_cast<std::size_t>(bound - bounds_ms.begin())].fetch_add(1, std::memory_order_relaxed);
  cell.sum_nanoseconds.fetch_add(static_cast<std::uint64_t>(nanoseconds), std::memory_order_relaxed);
}

Histogram::Totals Histogram::totals() const {
  Totals totals;
  for (const auto& cell : cells_) {
    for (std::size_t i = 0; i < totals.buckets.size(); ++i) {
      totals.buckets[i] += cell.buckets[i].load(std::memory_order_relaxed);
    }
    totals.sum_ms += static_cast<double>(cell.sum_nanoseconds.load(std::memory_order_relaxed)) / 1e6;
  }
  return totals;
}

Metrics::Series& Metrics::series(std::string_view name, std::string_view help, Type type,
                                 const Labels& labels) {
  CHECK(is_metric_name(name));
  auto family = families_.find(name);
  if (family == families_.end()) {
    family = families_.emplace(std::string(name), Family{std::string(help), type, {}}).first;
  }
  CHECK(family->second.type == type);
  auto& all = family->second.series;
  auto text = label_text(labels);
  if (!all.contains(text) && all.size() >= series_max) text = "overflow=\"true\"";
  return all[std::move(text)];
}

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  auto& counter = series(name, help, Type::counter, labels).counter;
  if (!counter) counter = std::make_unique<Counter>();
  return *counter;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  auto& gauge = series(name, help, Type::gauge, labels).gauge;
  if (!gauge) gauge = std::make_unique<Gauge>();
  return *gauge;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  auto& histogram = series(name, help, Type::histogram, labels).histogram;
  if (!histogram) histogram = std::make_unique<Histogram>();
  return *histogram;
}

void Metrics::watch(std::string_view name, std::string_view help, Type type, std::function<double()> read,
                    const Labels& labels) {
  CHECK(type != Type::histogram);
  const std::scoped_lock lock(mutex_);
  series(name, help, type, labels).watched = std::move(read);
}

std::string Metrics::render() const {
  const std::scoped_lock lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out.append("# HELP ").append(name).append(" ");
    append_escaped(out, family.help, "\\\n");
    out.append("\n# TYPE ").append(name).append(" ").append(type_word(family.type)).append("\n");
    for (const auto& [labels, one] : family.series) {
      if (one.counter) append_line(out, name, "", labels, one.counter->value());
      if (one.gauge) append_line(out, name, "", labels, one.gauge->value());
      if (one.histogram) append_histogram(out, name, labels, *one.histogram);
      if (one.watched) append_line(out, name, "", labels, one.watched());
    }
  }
  return out;
}

}  // namespace poly::journal
