#include "spec/code_function.hpp"

#include <algorithm>

namespace poly::spec {

FunctionSpecification specification_of(const CodeInterface& interface) {
  return {.arguments = interface.arguments,
          .return_type = interface.return_type,
          .other_return_types = {},
          .synchronous = interface.synchronous};
}

const Revision* ServerFunction::find_revision(int number) const {
  if (current.number == number) return &current;
  const auto found = std::ranges::find(others, number, &Revision::number);
  return found == others.end() ? nullptr : &*found;
}

const Revision& ServerFunction::serving() const {
  const TrafficShare* most = nullptr;
  for (const auto& share : traffic) {
    const bool more = !most || share.percent > most->percent ||
                      (share.percent == most->percent && share.revision > most->revision);
    if (more) most = &share;
  }
  if (!most) return current;
  const auto* found = find_revision(most->revision);
  CHECK(found);
  return *found;
}

const Revision& ServerFunction::revision_for(int hundredth) const {
  for (const auto& share : traffic) {
    hundredth -= share.percent;
    if (hundredth >= 0) continue;
    const auto* found = find_revision(share.revision);
    CHECK(found);
    return *found;
  }
  return current;
}

std::vector<TrafficShare> ServerFunction::shares() const {
  if (!traffic.empty()) return traffic;
  return {{.revision = current.number, .percent = 100}};
}

int ServerFunction::percent_of(int number) const {
  const auto all = shares();
  const auto found = std::ranges::find(all, number, &TrafficShare::revision);
  return found == all.end() ? 0 : found->percent;
}

}  // namespace poly::spec
