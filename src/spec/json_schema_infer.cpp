#include "spec/json_schema_infer.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "spec/json_schema_value.hpp"

namespace poly::spec {
namespace {

using namespace json_schema;

// What all samples at one place have in common.
class Shape {
 public:
  void add(const Json& sample) {
    kinds_ |= kind_of(sample);
    if (const auto* object = sample.if_object()) add_members(*object);
    if (const auto* array = sample.if_array()) {
      for (const auto& item : *array) {
        if (!items_) items_ = std::make_unique<Shape>();
        items_->add(item);
      }
    }
  }

  JsonObject schema() const {
    JsonObject out;
    if (kinds_ == 0) return out;
    out["type"] = type();
    if (kinds_ & kind_object) write_members(out);
    if (kinds_ & kind_array) out["items"] = items_ ? items_->schema() : JsonObject();
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
      if (is_new) members_.push_back({std::string(key), std::make_unique<Shape>()});
      auto& member = members_[place->second];
      ++member.seen;
      member.shape->add(value);
    }
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

  void write_members(JsonObject& out) const {
    JsonObject properties;
    JsonArray required;
    for (const auto& member : members_) {
      properties[member.key] = member.shape->schema();
      if (member.seen == objects_) required.emplace_back(member.key);
    }
    out["properties"] = std::move(properties);
    if (!required.empty()) out["required"] = std::move(required);
  }

  Kinds kinds_ = 0;
  std::size_t objects_ = 0;
  std::vector<Member> members_;  // in the order in which they were met
  std::map<std::string, std::size_t, std::less<>> index_;
  std::unique_ptr<Shape> items_;
};

}  // namespace

Json infer_schema(std::span<const Json> samples) {
  Shape shape;
  for (const auto& sample : samples) shape.add(sample);
  return shape.schema();
}

Json infer_schema(const Json& sample) {
  return infer_schema(std::span(&sample, 1));
}

}  // namespace poly::spec
