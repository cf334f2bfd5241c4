#include "cli/process_terminal.hpp"

#include <csignal>
#include <iostream>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace poly::cli {
namespace {

StreamKind kind_of(int descriptor) {
  return ::isatty(descriptor) ? StreamKind::terminal : StreamKind::other;
}

volatile std::sig_atomic_t interrupted = 0;

// While it lives, what is typed is not shown. An interrupt ends the reading, and the program only after the
// terminal shows again what is typed.
class EchoOff final {
 public:
  EchoOff() : changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    interrupted = 0;
    sigset_t interrupts;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    ::sigprocmask(SIG_BLOCK, &interrupts, &mask_before_);
    struct sigaction note{};
    note.sa_handler = [](int) { interrupted = 1; };
    ::sigaction(SIGINT, &note, &interrupt_before_);
    if (!changed_) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~EchoOff() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    ::sigaction(SIGINT, &interrupt_before_, nullptr);
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    if (interrupted) ::raise(SIGINT);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

  // False when an interrupt came first. It is let in only while this waits, so that none is missed.
  bool wait_for_line() const {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::ppoll(&input, 1, nullptr, &mask_before_) >= 0;
  }

 private:
  termios before_{};
  struct sigaction interrupt_before_{};
  sigset_t mask_before_{};
  bool changed_;
};

}  // namespace

std::istream& ProcessTerminal::in() {
  return std::cin;
}
std::ostream& ProcessTerminal::out() {
  return std::cout;
}
std::ostream& ProcessTerminal::err() {
  return std::cerr;
}
StreamKind ProcessTerminal::in_kind() const {
  return kind_of(STDIN_FILENO);
}
StreamKind ProcessTerminal::out_kind() const {
  return kind_of(STDOUT_FILENO);
}
StreamKind ProcessTerminal::err_kind() const {
  return kind_of(STDERR_FILENO);
}

Secret ProcessTerminal::read_hidden_line(std::string_view prompt) {
  std::string line;
  {
    const EchoOff hidden;
    std::cerr << prompt << std::flush;
    if (hidden.wait_for_line()) std::getline(std::cin, line);
  }
  std::cerr << '\n';
  return Secret(std::move(line));
}

}  // namespace poly::cli
