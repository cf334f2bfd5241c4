// From the text of a cron expression to its fields.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "schedule/cron.hpp"

namespace poly::schedule {
namespace {

constexpr std::size_t expression_bytes_max = 1000;
constexpr std::size_t days_before_last_max = 30;
constexpr int nth_weekday_max = 5;

struct FieldRule {
  std::string_view name;
  int min;
  int max;
  std::array<std::string_view, 12> words;  // the first word means min
};

constexpr FieldRule second_rule{"second", 0, 59, {}};
constexpr FieldRule minute_rule{"minute", 0, 59, {}};
constexpr FieldRule hour_rule{"hour", 0, 23, {}};
constexpr FieldRule day_rule{"day of month", 1, 31, {}};
constexpr FieldRule month_rule{
    "month", 1, 12, {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}};
// 7 is Sunday too.
constexpr FieldRule weekday_rule{"day of week", 0, 7, {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}};

struct Alias {
  std::string_view word;
  std::string_view meaning;
};

constexpr std::array<Alias, 7> aliases{{{"@YEARLY", "0 0 1 1 *"},
                                        {"@ANNUALLY", "0 0 1 1 *"},
                                        {"@MONTHLY", "0 0 1 * *"},
                                        {"@WEEKLY", "0 0 * * 0"},
                                        {"@DAILY", "0 0 * * *"},
                                        {"@MIDNIGHT", "0 0 * * *"},
                                        {"@HOURLY", "0 * * * *"}}};

CronMask bit(int position) {
  return CronMask{1} << position;
}

// A piece of the expression and where it starts, counted from 0.
struct Piece {
  std::string_view text;
  std::size_t position;
};

std::vector<Piece> split(Piece whole, std::string_view separators) {
  std::vector<Piece> out;
  std::size_t from = 0;
  while (from <= whole.text.size()) {
    const auto end = std::min(whole.text.find_first_of(separators, from), whole.text.size());
    out.push_back({whole.text.substr(from, end - from), whole.position + from});
    from = end + 1;
  }
  return out;
}

class Parser {
 public:
  explicit Parser(std::string upper) : text_(std::move(upper)) {}

  Result<CronFields> run() {
    auto pieces = split({text_, 0}, " \t");
    std::erase_if(pieces, [](const Piece& piece) { return piece.text.empty(); });
    if (pieces.size() != 5 && pieces.size() != 6) {
      return fail(ErrorKind::bad_request, "has " + std::to_string(pieces.size()) +
                                              " fields; 5 are expected, or 6 with leading seconds");
    }
    std::size_t at = 0;
    fields_.seconds = bit(0);
    if (pieces.size() == 6) fields_.seconds = simple_field(second_rule, pieces[at++]);
    fields_.minutes = simple_field(minute_rule, pieces[at++]);
    fields_.hours = simple_field(hour_rule, pieces[at++]);
    day_field(pieces[at++]);
    fields_.months = simple_field(month_rule, pieces[at++]);
    weekday_field(pieces[at++]);
    if (error_) return std::unexpected(std::move(*error_));
    return fields_;
  }

 private:
  void refuse(const FieldRule& rule, const Piece& piece, std::string_view reason) {
    if (error_) return;
    std::string message(rule.name);
    message.append(" at position ")
        .append(std::to_string(piece.position + 1))
        .append(": '")
        .append(piece.text);
    message.append("' ").append(reason);
    error_ = Error{ErrorKind::bad_request, std::move(message), {}, {}};
  }

  std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size() && value >= 0;
    return is_number ? std::optional(value) : std::nullopt;
  }

  // A number or a name; rule.min when it is refused.
  int value(const FieldRule& rule, const Piece& piece) {
    for (std::size_t i = 0; i < rule.words.size(); ++i) {
      if (!piece.text.empty() && rule.words[i] == piece.text) return rule.min + static_cast<int>(i);
    }
    const auto found = number(piece.text);
    if (!found) {
      refuse(rule, piece, rule.words[0].empty() ? "is not a number" : "is neither a number nor a name");
      return rule.min;
    }
    if (*found < rule.min || *found > rule.max) {
      refuse(rule, piece, "is not between " + std::to_string(rule.min) + " and " + std::to_string(rule.max));
      return rule.min;
    }
    return *found;
  }

  int step_of(const FieldRule& rule, const Piece& piece) {
    const auto step = number(piece.text);
    const int step_max = rule.max - rule.min + 1;
    if (step && *step >= 1 && *step <= step_max) return *step;
    refuse(rule, piece, "is not a step between 1 and " + std::to_string(step_max));
    return 1;
  }

  // `*`, `3`, `3-9`, each with an optional `/step`.
  CronMask range(const FieldRule& rule, const Piece& item) {
    const auto parts = split(item, "/");
    const auto ends = split(parts[0], "-");
    if (parts.size() > 2 || ends.size() > 2) {
      refuse(rule, item, "is not a value, a range or a step");
      return 0;
    }
    const bool is_star = parts[0].text == "*";
    const int highest = &rule == &weekday_rule ? rule.max - 1 : rule.max;
    const int from = is_star ? rule.min : value(rule, ends[0]);
    int to = from;
    if (ends.size() == 2)
      to = value(rule, ends[1]);
    else if (is_star || parts.size() == 2)
      to = highest;
    if (from > to) refuse(rule, item, "is a range that runs backwards");
    const int step = parts.size() == 2 ? step_of(rule, parts[1]) : 1;
    CronMask mask = 0;
    for (int i = from; i <= to; i += step) mask |= bit(i);
    return mask;
  }

  CronMask simple_field(const FieldRule& rule, const Piece& piece) {
    CronMask mask = 0;
    for (const auto& item : split(piece, ",")) mask |= range(rule, item);
    return mask;
  }

  void day_field(const Piece& piece) {
    fields_.any_day_of_month = piece.text.starts_with('*') || piece.text == "?";
    if (piece.text == "?") {
      fields_.days = range(day_rule, {"*", piece.position});
      return;
    }
    for (const auto& item : split(piece, ",")) day_item(item);
  }

  void day_item(const Piece& item) {
    if (item.text == "L") {
      fields_.days_before_last |= bit(0);
    } else if (item.text == "LW" || item.text == "WL") {
      fields_.last_weekday = true;
    } else if (item.text.starts_with("L-")) {
      const auto before = number(item.text.substr(2));
      if (!before || *before > static_cast<int>(days_before_last_max)) {
        return refuse(day_rule, item, "does not count 0 to 30 days before the last");
      }
      fields_.days_before_last |= bit(*before);
    } else if (item.text.ends_with('W')) {
      fields_.nearest_weekdays |=
          bit(value(day_rule, {item.text.substr(0, item.text.size() - 1), item.position}));
    } else {
      fields_.days |= range(day_rule, item);
    }
  }

  void weekday_field(const Piece& piece) {
    fields_.any_day_of_week = piece.text.starts_with('*') || piece.text == "?";
    if (piece.text == "?") {
      fields_.weekdays = range(weekday_rule, {"*", piece.position});
      return;
    }
    for (const auto& item : split(piece, ",")) weekday_item(item);
  }

  int weekday(const Piece& piece) { return value(weekday_rule, piece) % 7; }

  void weekday_item(const Piece& item) {
    const auto hash = item.text.find('#');
    if (hash != std::string_view::npos) {
      const int day = weekday({item.text.substr(0, hash), item.position});
      const auto nth = number(item.text.substr(hash + 1));
      if (!nth || *nth < 1 || *nth > nth_weekday_max)
        return refuse(weekday_rule, item, "wants 1 to 5 after #");
      fields_.nth_weekdays |= bit(day + 7 * (*nth - 1));
    } else if (item.text == "L") {
      refuse(weekday_rule, item, "says of no day that it is the last; write 5L for the last Friday");
    } else if (item.text.ends_with('L')) {
      fields_.last_weekdays |= bit(weekday({item.text.substr(0, item.text.size() - 1), item.position}));
    } else {
      const auto mask = range(weekday_rule, item);
      fields_.weekdays |= (mask & ~bit(7)) | ((mask & bit(7)) != 0 ? bit(0) : 0);
    }
  }

  std::string text_;
  CronFields fields_;
  std::optional<Error> error_;
};

std::string upper_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

Result<CronExpression> CronExpression::parse(std::string_view text) {
  if (text.size() > expression_bytes_max) {
    return fail(ErrorKind::too_large,
                "a cron expression has at most " + std::to_string(expression_bytes_max) + " characters");
  }
  auto upper = upper_case(text);
  if (upper.starts_with('@')) {
    const auto* alias = std::ranges::find(aliases, upper, &Alias::word);
    if (alias == aliases.end()) {
      return fail(ErrorKind::bad_request, "cron expression '" + std::string(text) +
                                              "': is none of @yearly, @monthly, @weekly, @daily, @hourly");
    }
    upper = alias->meaning;
  }
  Parser parser(std::move(upper));
  auto fields = parser.run();
  if (!fields) {
    return fail(fields.error().kind,
                "cron expression '" + std::string(text) + "': " + fields.error().message);
  }
  return CronExpression(*fields);
}

}  // namespace poly::schedule
