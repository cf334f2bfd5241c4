#include "gateway/log_tail.hpp"

#include <algorithm>

namespace poly::gateway {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string text_of(const journal::LogLine& line) {
  return encode_text(line) + "\n";
}

}  // namespace

LogTail::LogTail(journal::LiveLines& live, std::optional<ResourceId> resource,
                 std::optional<ExecutionId> execution, std::string keyword, Executor executor,
                 const Clock& clock)
    : executor_(executor),
      clock_(clock),
      keyword_(lower(std::move(keyword))),
      subscription_(live.subscribe({.resource = resource,
                                    .execution = execution,
                                    .executor = executor,
                                    .hear = [this](const journal::LogLine& line) { hear(line); }})) {}

void LogTail::begin_with(const std::vector<journal::LogLine>& lines) {
  const auto heard = std::exchange(waiting_, {});
  for (const auto& line : lines) {
    waiting_.push_back(text_of(line));
    shown_.insert(waiting_.back());
  }
  for (const auto& text : heard) {
    const auto twice = shown_.find(text);
    if (twice == shown_.end()) {
      waiting_.push_back(text);
    } else {
      shown_.erase(twice);
    }
  }
}

bool LogTail::matches(const journal::LogLine& line) const {
  return keyword_.empty() || lower(line.text).find(keyword_) != std::string::npos;
}

void LogTail::hear(const journal::LogLine& line) {
  if (!matches(line)) return;
  if (waiting_.size() >= tail_lines_max) {
    ++left_out_;
    return;
  }
  auto text = text_of(line);
  if (const auto twice = shown_.find(text); twice != shown_.end()) {
    shown_.erase(twice);
    return;
  }
  waiting_.push_back(std::move(text));
  wake();
}

void LogTail::wake() {
  if (wait_) wait_->deliver(true);
}

void LogTail::end() {
  ended_ = true;
  wake();
}

Task<std::optional<std::string>> LogTail::next() {
  if (waiting_.empty() && !ended_) {
    wait_ = std::make_unique<OneShot<bool>>(executor_);
    auto waiting = wait_->wait();
    co_await std::move(waiting);
    wait_.reset();
  }
  if (ended_) co_return std::nullopt;
  std::string piece;
  for (const auto& text : waiting_) piece += text;
  waiting_.clear();
  if (left_out_ > 0) {
    const journal::LogLine note{
        .at = clock_.now(),
        .level = LogLevel::warn,
        .text = std::to_string(std::exchange(left_out_, 0)) + " lines were left out: they came too quickly"};
    piece += text_of(note);
  }
  co_return piece;
}

}  // namespace poly::gateway
