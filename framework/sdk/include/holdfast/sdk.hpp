#pragma once

/// Everything a plugin author needs, in one include. Standard library only.
#include <holdfast/sdk/indicators.hpp>
#include <holdfast/sdk/plugin.hpp>
