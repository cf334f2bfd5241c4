// The program that a toolchain made of a function, for languages that run as one: what it is called, and what
// it can be made of again.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "process/channel.hpp"
#include "spec/code_function.hpp"

namespace poly::runtime {

struct Program {
  std::string name;  // program_name(function, source)
  std::string function;
  spec::Language language = spec::Language::go;
  std::string source;
};

// Of what it is made of and not of its bytes: made again by another compiler, it takes the same place.
std::string program_name(std::string_view function, std::string_view source);

// The open file of a program. Throws Failure.
using OpenProgram = std::function<Task<process::Fd>(Program)>;

}  // namespace poly::runtime
