#include "spec/json_schema_infer.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "spec/json_schema_evidence.hpp"
#include "spec/json_schema_value.hpp"

namespace poly::spec {
namespace {

using namespace json_schema;

enum class Detail { plain, by_evidence };

// What all samples at one place have in common.
class Shape {
 public:
  explicit Shape(Detail detail) : detail_(detail) {}

  void add(const Json& sample) {
    kinds_ |= kind_of(sample);
    if (const auto* object = sample.if_object()) add_members(*object);
    if (const auto* array = sample.if_array()) {
      for (const auto& item : *array) {
        if (!items_) items_ = std::make_unique<Shape>(detail_);
        items_->add(item);
      }
    }
    if (const auto* text = sample.if_string(); text && detail_ == Detail::by_evidence) texts_.add(*text);
  }

  JsonObject schema() const {
    JsonObject out;
    // Of what was always null nobody knows what it is when it is not.
    if (kinds_ == 0 || (kinds_ == kind_null && detail_ == Detail::by_evidence)) return out;
    out["type"] = type();
    if (kinds_ & kind_object) write_members(out);
    if (kinds_ & kind_array) out["items"] = items_ ? items_->schema() : JsonObject();
    // Texts beside other kinds than null are no choice and have no format that helps.
    if (kinds_ & kind_string && !(kinds_ & ~(kind_string | kind_null))) texts_.write(out, kinds_ & kind_null);
    return out;
  }

 private:
  struct Member {
    std::string key;
    std::unique_ptr<Shape> shape;
    std::size_t seen = 0;
  };

  void add_members(const JsonObject& object) {
    ++objects_;
    for (const auto& [key, value] : object) {
      const auto [place, is_new] = index_.emplace(key, members_.size());
      if (is_new) members_.push_back({std::string(key), std::make_unique<Shape>(detail_)});
      auto& member = members_[place->second];
      ++member.seen;
      member.shape->add(value);
    }
  }

  // Takes in all that `other` has seen.
  void merge(const Shape& other) {
    kinds_ |= other.kinds_;
    objects_ += other.objects_;
    for (const auto& theirs : other.members_) {
      const auto [place, is_new] = index_.emplace(theirs.key, members_.size());
      if (is_new) members_.push_back({theirs.key, std::make_unique<Shape>(detail_)});
      auto& member = members_[place->second];
      member.seen += theirs.seen;
      member.shape->merge(*theirs.shape);
    }
    if (other.items_) {
      if (!items_) items_ = std::make_unique<Shape>(detail_);
      items_->merge(*other.items_);
    }
    texts_.merge(other.texts_);
  }

  Json type() const {
    JsonArray words;
    for (const Kinds kind : {kind_string, kind_boolean, kind_array, kind_object}) {
      if (kinds_ & kind) words.emplace_back(words_of(kind));
    }
    if (kinds_ & kind_number) words.emplace_back(kinds_ & kind_fraction ? "number" : "integer");
    if (kinds_ & kind_null) words.emplace_back("null");
    return words.size() == 1 ? words.front() : Json(std::move(words));
  }

  bool is_map() const {
    if (detail_ == Detail::plain) return false;
    if (members_.size() > properties_max) return true;
    const auto is_id = [](const Member& member) { return looks_like_id(member.key); };
    return members_.size() >= map_keys_min && std::ranges::all_of(members_, is_id);
  }

  void write_members(JsonObject& out) const {
    if (is_map()) return write_map(out);
    JsonObject properties;
    JsonArray required;
    for (const auto& member : members_) {
      properties[member.key] = member.shape->schema();
      if (member.seen == objects_) required.emplace_back(member.key);
    }
    out["properties"] = std::move(properties);
    if (!required.empty()) out["required"] = std::move(required);
  }

  void write_map(JsonObject& out) const {
    Shape value(detail_);
    for (const auto& member : members_) value.merge(*member.shape);
    out["additionalProperties"] = value.schema();
  }

  Detail detail_;
  Kinds kinds_ = 0;
  std::size_t objects_ = 0;
  std::vector<Member> members_;  // in the order in which they were met
  std::map<std::string, std::size_t, std::less<>> index_;
  std::unique_ptr<Shape> items_;
  TextEvidence texts_;
};

Json infer(std::span<const Json> samples, Detail detail) {
  Shape shape(detail);
  for (const auto& sample : samples) shape.add(sample);
  return shape.schema();
}

}  // namespace

Json infer_schema(std::span<const Json> samples) {
  return infer(samples, Detail::plain);
}

Json infer_schema(const Json& sample) {
  return infer_schema(std::span(&sample, 1));
}

Json infer_schema_by_evidence(std::span<const Json> samples) {
  return infer(samples, Detail::by_evidence);
}

}  // namespace poly::spec
