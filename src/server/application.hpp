// polyd as a whole: its rooms built in floor order, run, and stopped in reverse.
#pragma once

#include <memory>

#include "base/task.hpp"
#include "server/settings.hpp"

namespace poly::server {

class Application final {
 public:
  // Opens the store and builds every room. Throws Failure saying what is wrong.
  explicit Application(Settings settings);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  // Takes requests from now on. Returns the address, such as `http://127.0.0.1:8000`.
  std::string start();

  // The first API key, once, when this start made it up.
  std::optional<Secret> take_new_key();

  // Takes no more requests, lets those in flight finish, and stops every room.
  void stop();

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace poly::server
