#pragma once

#include <holdfast/sdk.hpp>

namespace holdfast::risk {

/// Is the order well formed, whatever the rules say? Empty, or why not, with the numbers in it.
///
/// `reference` is a price of the instrument for orders that carry none; it may be missing.
Verdict malformed(const OrderTerms& order, const Instrument& instrument, std::optional<Price> reference);

}  // namespace holdfast::risk
