// What `poly` says: results on standard output, everything else on standard error. With --json, standard
// output carries exactly one JSON document, errors included.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "cli/table.hpp"
#include "cli/world.hpp"

namespace poly::cli {

enum class Format { text, json };
enum class Colour { plain, red, yellow, green, dim };

class Printer final {
 public:
  explicit Printer(World& world) : world_(world) {}
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  void set_format(Format format) { format_ = format; }
  bool prints_json() const { return format_ == Format::json; }

  // The result of a command. `document` is printed with --json, the text without it.
  void result(const Json& document, std::string_view text);
  void result(const Json& document, const Table& table, std::string_view when_empty);
  // One of many results while they arrive, a line each (`logs --follow`).
  void line(const Json& document, std::string_view text);

  void note(std::string_view text);     // on standard error, not with --json
  void warning(std::string_view text);  // on standard error
  // `error: …` with one line for each detail and a hint; with --json the same as a document, unless the
  // command had already printed one.
  void error(const Error& error, ExitCode code, std::string_view hint);

  // A line that the next one overwrites; only on a terminal.
  void progress(std::string_view text);
  void end_progress();

  // `text` in that colour when standard output shows colours.
  std::string coloured(std::string_view text, Colour colour) const;

 private:
  bool shows_colours(StreamKind stream) const;
  void print(std::string_view text);

  World& world_;
  Format format_ = Format::text;
  bool document_printed_ = false;
  bool progress_shown_ = false;
};

}  // namespace poly::cli
