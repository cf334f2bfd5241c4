#include "execution/call_arguments.hpp"

#include <array>

#include <boost/json/monotonic_resource.hpp>

namespace poly::execution {
namespace {

// Most arguments fit in here; what does not is given more.
constexpr std::size_t first_piece_bytes = 4 << 10;

}  // namespace

// Values that come and go together need not be freed one by one.
struct CallArguments::Memory {
  std::array<unsigned char, first_piece_bytes> first_piece;
  boost::json::monotonic_resource resource{first_piece.data(), first_piece.size()};
};

CallArguments CallArguments::parse(std::string text, std::string_view what) {
  // Not value-initialised: the first piece need not be zeroed.
  auto memory = std::make_shared_for_overwrite<Memory>();
  CallArguments read(value_or_throw(parse_json(text, what, &memory->resource)));
  read.memory_ = std::move(memory);
  read.text_ = std::move(text);
  return read;
}

// The value goes before the memory that it lies in.
CallArguments& CallArguments::operator=(CallArguments&& other) noexcept {
  if (this == &other) return *this;
  std::destroy_at(&value_);
  std::construct_at(&value_, std::move(other.value_));
  memory_ = std::move(other.memory_);
  text_ = std::move(other.text_);
  return *this;
}

}  // namespace poly::execution
