#include "cli/printer.hpp"

#include <ostream>

#include "base/codec.hpp"

namespace poly::cli {
namespace {

std::string_view escape_of(Colour colour) {
  switch (colour) {
    case Colour::plain:
      return "";
    case Colour::red:
      return "\x1b[31m";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::dim:
      return "\x1b[2m";
  }
  return "";
}

constexpr std::string_view colour_end = "\x1b[0m";
constexpr std::string_view line_start = "\r\x1b[K";

std::string painted(std::string_view text, Colour colour) {
  return std::string(escape_of(colour)).append(text).append(colour_end);
}

Json document_of(const Error& error, ExitCode code, std::string_view hint) {
  JsonObject members{{"kind", to_string(error.kind)}, {"message", error.message}};
  if (!error.code.empty()) members["code"] = error.code;
  if (!error.details.empty()) members["details"] = encode(error.details);
  if (!hint.empty()) members["hint"] = hint;
  members["exitCode"] = static_cast<int>(code);
  return JsonObject{{"error", std::move(members)}};
}

}  // namespace

void Printer::result(const Json& document, std::string_view text) {
  end_progress();
  print(prints_json() ? to_pretty_text(document) : std::string(text));
  document_printed_ = true;
}

void Printer::result(const Json& document, const Table& table, std::string_view when_empty) {
  if (prints_json() || !table.empty()) return result(document, table.text());
  note(when_empty);
}

void Printer::line(const Json& document, std::string_view text) {
  print(prints_json() ? to_text(document) : std::string(text));
  world_.terminal.out().flush();
  document_printed_ = true;
}

void Printer::note(std::string_view text) {
  if (prints_json()) return;
  end_progress();
  auto& err = world_.terminal.err();
  if (shows_colours(world_.terminal.err_kind())) {
    err << painted(text, Colour::dim) << '\n';
  } else {
    err << text << '\n';
  }
}

void Printer::warning(std::string_view text) {
  end_progress();
  const bool colours = shows_colours(world_.terminal.err_kind());
  world_.terminal.err() << (colours ? painted("warning:", Colour::yellow) : "warning:") << ' ' << text
                        << '\n';
}

void Printer::error(const Error& error, ExitCode code, std::string_view hint) {
  end_progress();
  auto& err = world_.terminal.err();
  err << (shows_colours(world_.terminal.err_kind()) ? painted("error:", Colour::red) : "error:") << ' ';
  if (error.details.empty()) {
    err << error.message << '\n';
  } else if (error.details.size() == 1) {
    err << error.details.front() << '\n';
  } else {
    err << "there are " << error.details.size() << " problems:\n";
    for (const auto& detail : error.details) err << "  " << detail << '\n';
  }
  if (!hint.empty()) err << "hint: " << hint << '\n';
  if (!prints_json() || document_printed_) return;
  print(to_pretty_text(document_of(error, code, hint)));
  document_printed_ = true;
}

void Printer::progress(std::string_view text) {
  if (world_.terminal.err_kind() != StreamKind::terminal) return;
  world_.terminal.err() << line_start << text << std::flush;
  progress_shown_ = true;
}

void Printer::end_progress() {
  if (!progress_shown_) return;
  world_.terminal.err() << line_start << std::flush;
  progress_shown_ = false;
}

std::string Printer::coloured(std::string_view text, Colour colour) const {
  const bool colours = colour != Colour::plain && shows_colours(world_.terminal.out_kind());
  return colours ? painted(text, colour) : std::string(text);
}

bool Printer::shows_colours(StreamKind stream) const {
  const auto* terminal = world_.setting("TERM");
  return stream == StreamKind::terminal && !world_.setting("NO_COLOR") && (!terminal || *terminal != "dumb");
}

void Printer::print(std::string_view text) {
  auto& out = world_.terminal.out();
  out << text;
  if (!text.empty() && text.back() != '\n') out << '\n';
}

}  // namespace poly::cli
