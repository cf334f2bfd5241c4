// Lines of log as they come, one JSON object a line (application/x-ndjson), until the reader goes away.
#pragma once

#include <deque>
#include <set>

#include "base/one_shot.hpp"
#include "http/body_source.hpp"
#include "journal/journal.hpp"

namespace poly::gateway {

// Lines that wait for a slow reader; what comes beyond is left out, and a line says how much.
inline constexpr std::size_t tail_lines_max = 10'000;

class LogTail final : public http::BodySource {
 public:
  // Made on the loop of the connection. `keyword` is somewhere in each line that is shown.
  LogTail(journal::LiveLines& live, std::optional<ResourceId> resource, std::optional<ExecutionId> execution,
          std::string keyword, Executor executor, const Clock& clock);

  // What was logged before: shown first, and not again when it is among what came meanwhile.
  void begin_with(const std::vector<journal::LogLine>& lines);

  Task<std::optional<std::string>> next() override;
  void cancel() override { end(); }
  void drain() override { end(); }

 private:
  void hear(const journal::LogLine& line);
  void wake();
  void end();
  bool matches(const journal::LogLine& line) const;

  Executor executor_;
  const Clock& clock_;
  const std::string keyword_;  // lower case
  std::deque<std::string> waiting_;
  std::multiset<std::string> shown_;
  std::size_t left_out_ = 0;
  bool ended_ = false;
  std::unique_ptr<OneShot<bool>> wait_;
  journal::LiveLines::Subscription subscription_;
};

}  // namespace poly::gateway
