#pragma once

#include <holdfast/testkit/conformance.hpp>

namespace holdfast::cli {

/// Who looks on in this process, if the library that can was preloaded into it; null otherwise.
testkit::Onlooker* preloaded_onlooker();

}  // namespace holdfast::cli
