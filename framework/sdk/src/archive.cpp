#include <cstring>
#include <holdfast/sdk/archive.hpp>

namespace holdfast {

void Archive::raw(void* data, std::size_t n) {
  if (n == 0) return;
  if (!loading_) {
    const auto* first = static_cast<const std::byte*>(data);
    out_.insert(out_.end(), first, first + n);
    return;
  }
  if (n > in_.size()) throw StateError{"the state ends in the middle of a field"};
  std::memcpy(data, in_.data(), n);
  in_ = in_.subspan(n);
}

void Archive::flag(bool& x) {
  // Any other byte in a bool is undefined behaviour, so it never gets that far.
  auto byte = static_cast<unsigned char>(x ? 1 : 0);
  raw(&byte, 1);
  if (byte > 1) throw StateError{"a yes-or-no field of the state is neither"};
  x = byte == 1;
}

}  // namespace holdfast
