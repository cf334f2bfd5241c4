#include "execution/streamed_result.hpp"

namespace poly::execution {

namespace {

Error caller_is_gone() {
  return {ErrorKind::unavailable,
          "the caller went away before the end of the result",
          std::string(reader_gone),
          {}};
}

}  // namespace

StreamedResult::~StreamedResult() {
  const auto gone = caller_is_gone();
  end(&gone);
}

void StreamedResult::cancel() {
  cancelled_ = true;
  reader_->cancel();
}

void StreamedResult::end(const Error* problem) {
  if (const auto told = std::exchange(on_end_, nullptr)) told(problem);
}

Task<std::optional<std::string>> StreamedResult::next() {
  std::optional<std::string> piece;
  std::optional<Error> problem;
  try {
    auto reading = reader_->next();
    piece = co_await std::move(reading);
  } catch (...) {
    problem = error_of(std::current_exception());
  }
  if (problem && cancelled_) problem = caller_is_gone();
  if (problem) {
    end(&*problem);
    throw Failure(std::move(*problem));
  }
  if (!piece) end(nullptr);
  co_return piece;
}

Task<std::string> StreamedResult::read_all(std::size_t bytes_max) {
  std::string all;
  for (;;) {
    auto reading = next();
    const auto piece = co_await std::move(reading);
    if (!piece) co_return all;
    if (piece->size() > bytes_max - all.size()) {
      const Error large{ErrorKind::too_large,
                        "the streamed result has more than the " + std::to_string(bytes_max) +
                            " bytes that a caller takes who wants the whole of it",
                        "RESULT_TOO_LARGE",
                        {}};
      end(&large);
      throw Failure(large);
    }
    all += *piece;
  }
}

Task<void> StreamedResult::read_to_end() {
  for (bool more = true; more;) {
    auto reading = next();
    const auto piece = co_await std::move(reading);
    more = piece.has_value();
  }
}

}  // namespace poly::execution
