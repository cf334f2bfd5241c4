#include "training/recording.hpp"

#include <map>

#include "base/ascii_case.hpp"
#include "training/check_api_function.hpp"
#include "training/names.hpp"
#include "training/recorded_operation.hpp"
#include "training/servers.hpp"

namespace poly::training {
namespace {

class Training {
 public:
  Training(Recording recording, const OpenApiOptions& options)
      : recording_(std::move(recording)), options_(options) {}

  SpecificationInput run() && {
    result_.title = recording_.title;
    report_.warnings = std::move(recording_.warnings);
    reserve_contexts();
    for (const auto& request : recording_.requests) add(request);
    result_.report = std::move(report_);
    return std::move(result_);
  }

 private:
  // A function called like a context beside it would hide that context in the SDKs.
  void reserve_contexts() {
    for (const auto& request : recording_.requests) {
      const auto context = context_of(request);
      std::size_t begin = 0;
      while (begin < context.size()) {
        const auto end = std::min(context.find('.', begin), context.size());
        const auto parent = context.substr(0, begin == 0 ? 0 : begin - 1);
        names_[spec::join_path(options_.context, parent)].reserve(context.substr(begin, end - begin));
        begin = end + 1;
      }
    }
  }

  // The edge: what goes wrong inside ends this request, and only this one.
  void add(const RecordedRequest& request) {
    ++report_.operations;
    try {
      auto draft = read_recorded(request, options_);
      auto& head = draft.function.head;
      head.context = spec::join_path(options_.context, context_of(request));
      value_or_throw(spec::check_context(head.context));
      head.name = name_of(request);
      const auto problems = check_api_function(draft.function);
      if (!problems.empty()) throw Failure(ErrorKind::bad_request, problems.front());
      head.name = names_[head.context].claim(head.name);
      for (auto& warning : draft.warnings) {
        report_.warnings.push_back({upper(request.method), request.url, std::move(warning)});
      }
      result_.functions.push_back(std::move(draft.function));
    } catch (const Failure& failure) {
      report_.refused.push_back({upper(request.method), request.url, failure.error().message});
    }
  }

  Recording recording_;
  const OpenApiOptions& options_;
  std::map<std::string, NameClaims> names_;  // by context
  SpecificationInput result_;
  TrainingReport report_;
};

}  // namespace

Result<SpecificationInput> train_recording(Recording recording, const OpenApiOptions& options) {
  const auto valid_options = checked(options);
  if (!valid_options) return std::unexpected(valid_options.error());
  if (const auto count = recording.requests.size(); count > requests_max) {
    return fail(ErrorKind::too_large, "there are " + std::to_string(count) + " requests; at most " +
                                          std::to_string(requests_max) + " are trained at once");
  }
  return Training(std::move(recording), *valid_options).run();
}

}  // namespace poly::training
