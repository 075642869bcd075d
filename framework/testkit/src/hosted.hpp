#pragma once

#include <holdfast/testkit/bench.hpp>
#include <holdfast/testkit/contract.hpp>

namespace holdfast::testkit {

/// How to make `actor` with `plugin` in its slot `slot`, whatever the slot would name, and with `more` settings of
/// its own. Both manifests and `plugin` must outlive the result.
Bench::Make hosted(const PluginManifest& actor, const std::string& slot, const Subject& plugin,
                   const Fields& more = {});

}  // namespace holdfast::testkit
