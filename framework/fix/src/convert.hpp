#pragma once

#include <quickfix/Message.h>

#include <holdfast/fix/content.hpp>

namespace holdfast {
namespace fix {

Head head_of(const FIX::Message& message);
Content from_quickfix(const FIX::Message& message);
/// The body instead of the one that is there.
void to_quickfix(const Content& content, FIX::Message& message);
void shift(FIX::UtcTimeStamp& time, long long nanoseconds);

}  // namespace fix
}  // namespace holdfast
