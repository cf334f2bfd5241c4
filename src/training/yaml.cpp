#include "training/yaml.hpp"

#include <map>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace poly::training {
namespace {

constexpr std::string_view string_tag = "tag:yaml.org,2002:str";
constexpr std::string_view merge_key = "<<";

std::string place_of(const YAML::Mark& mark) {
  return "line " + std::to_string(mark.line + 1) + ", column " + std::to_string(mark.column + 1);
}

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& reason) {
  throw Failure(ErrorKind::bad_request,
                "The document is not valid YAML: " + reason + " at " + place_of(mark));
}

// Listens to the parser and builds the tree. A collection under construction stands on the stack; it
// moves into its parent when it is complete.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(boost::json::storage_ptr storage) : storage_(std::move(storage)), root_(storage_) {}

  Json take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (awaits_key()) return set_key(mark, "null");
    add(mark, Json(storage_), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (awaits_key()) {
      remember(anchor, Json(text, storage_), 1);
      return set_key(mark, text, tag == "?");
    }
    const bool is_text = tag == "!" || tag == string_tag;
    if (is_text) return add(mark, Json(text, storage_), anchor);
    auto value = plain_scalar(text, storage_);
    if (!value) refuse(mark, value.error().message);
    add(mark, std::move(*value), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchored_.find(anchor);
    if (known == anchored_.end()) refuse(mark, "an alias stands inside what it repeats");
    if (awaits_key()) {
      const auto* text = known->second.value.if_string();
      if (!text) refuse(mark, "a key must be text");
      return set_key(mark, *text);
    }
    count(mark, known->second.values);
    add_complete(mark, Json(known->second.value, storage_), known->second.values, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, JsonArray(storage_), anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, JsonObject(storage_), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YAML::Mark mark;
    Json value;
    YAML::anchor_t anchor = 0;
    std::size_t values = 1;
    std::string key;
    bool key_is_merge = false;
    bool has_key = false;
    std::vector<Json> merged;  // values of `<<`: they lose against every key of the map itself
  };
  struct Anchored {
    Json value;
    std::size_t values = 0;
  };

  bool awaits_key() const {
    return !stack_.empty() && stack_.back().value.is_object() && !stack_.back().has_key;
  }

  void set_key(const YAML::Mark& mark, std::string_view key, bool plain = true) {
    auto& map = stack_.back();
    map.key_is_merge = plain && key == merge_key;
    if (!map.key_is_merge && map.value.get_object().contains(key)) {
      refuse(mark, "the key '" + std::string(key) + "' stands twice in the same map");
    }
    map.key.assign(key);
    map.has_key = true;
  }

  void count(const YAML::Mark& mark, std::size_t values) {
    values_ += values;
    if (values_ > yaml_values_max) {
      refuse(mark, "with its aliases it has more than " + std::to_string(yaml_values_max) + " values");
    }
  }

  void open(const YAML::Mark& mark, Json collection, YAML::anchor_t anchor) {
    if (awaits_key()) refuse(mark, "a key must be text");
    if (stack_.size() >= json_depth_max) {
      refuse(mark, "it is nested deeper than " + std::to_string(json_depth_max) + " levels");
    }
    count(mark, 1);
    stack_.push_back({mark, std::move(collection), anchor, 1, {}, false, false, {}});
  }

  void close() {
    auto done = std::move(stack_.back());
    stack_.pop_back();
    for (auto& merged : done.merged) {
      for (auto& [key, value] : merged.get_object()) done.value.get_object().emplace(key, std::move(value));
    }
    add_complete(done.mark, std::move(done.value), done.values, done.anchor);
  }

  void add(const YAML::Mark& mark, Json scalar, YAML::anchor_t anchor) {
    count(mark, 1);
    add_complete(mark, std::move(scalar), 1, anchor);
  }

  void add_complete(const YAML::Mark& mark, Json value, std::size_t values, YAML::anchor_t anchor) {
    remember(anchor, value, values);
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& parent = stack_.back();
    parent.values += values;
    if (auto* array = parent.value.if_array()) {
      array->push_back(std::move(value));
      return;
    }
    parent.has_key = false;
    if (parent.key_is_merge) return merge(mark, parent, std::move(value));
    parent.value.get_object().emplace(parent.key, std::move(value));
  }

  static void merge(const YAML::Mark& mark, Open& parent, Json value) {
    if (value.is_object()) {
      parent.merged.push_back(std::move(value));
      return;
    }
    if (!value.is_array()) refuse(mark, "'<<' merges a map or a list of maps");
    for (auto& item : value.get_array()) {
      if (!item.is_object()) refuse(mark, "'<<' merges a map or a list of maps");
      parent.merged.push_back(std::move(item));
    }
  }

  void remember(YAML::anchor_t anchor, const Json& value, std::size_t values) {
    if (anchor != 0) anchored_[anchor] = {Json(value, storage_), values};
  }

  boost::json::storage_ptr storage_;
  Json root_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Anchored> anchored_;
  std::size_t values_ = 0;
};

// Reads the text where it lies.
class TextStream final : public std::streambuf {
 public:
  explicit TextStream(std::string_view text) {
    auto* start = const_cast<char*>(text.data());  // NOLINT: streambuf's get area is never written to
    setg(start, start, start + text.size());
  }
};

}  // namespace

Result<Json> parse_yaml(std::string_view text, boost::json::storage_ptr storage) {
  TextStream buffer(text);
  std::istream stream(&buffer);
  TreeBuilder builder(std::move(storage));
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return fail(ErrorKind::bad_request, "The document is empty");
    return builder.take_root();
  } catch (const YAML::Exception& problem) {
    return fail(ErrorKind::bad_request,
                "The document is not valid YAML: " + problem.msg + " at " + place_of(problem.mark));
  } catch (const Failure& failure) {
    return std::unexpected(failure.error());
  }
}

}  // namespace poly::training
