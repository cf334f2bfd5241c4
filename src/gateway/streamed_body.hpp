// The streamed result of a run as the body of an HTTP answer.
#pragma once

#include "execution/streamed_result.hpp"
#include "http/body_source.hpp"

namespace poly::gateway {

class StreamedBody final : public http::BodySource {
 public:
  explicit StreamedBody(std::shared_ptr<execution::StreamedResult> result) : result_(std::move(result)) {}

  Task<std::optional<std::string>> next() override { return result_->next(); }
  void cancel() override { result_->cancel(); }

 private:
  std::shared_ptr<execution::StreamedResult> result_;
};

}  // namespace poly::gateway
