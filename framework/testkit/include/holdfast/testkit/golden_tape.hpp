#pragma once

#include <holdfast/testkit/contract.hpp>
#include <string>

/// A golden tape: what a strategy was told, and what it asked for, in a text file for people.
///
///     # any words
///     0.250 quote BTCUSDT 99.99 2 / 100.01 1
///     0.250 -> buy 2 BTCUSDT: means crossed
///     0.500 trade BTCUSDT 100.02 0.5
///
/// Times are seconds from the start. Orders are filled at once by an obliging venue.
namespace holdfast::testkit {

/// Plays the ticks of `tape` to the strategy and returns the tape with the answers it gives now:
/// recording is writing this to the file. Answers in `tape` are passed over. Fails:
/// std::runtime_error that names the line which is no tick.
std::string play_tape(const Subject& subject, const std::string& tape);

/// The first line in which the answers differ from those on the tape, with both; empty when none.
std::string tape_difference(const Subject& subject, const std::string& tape);

}  // namespace holdfast::testkit
