#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// Small valid market data files of every format the replay feed reads, made from a seed, so that
/// tests need no recorded data. Each function returns the text; a test that wants a damaged file
/// damages the text or the written bytes. Fails: the writers throw std::runtime_error.
namespace holdfast::testkit {

enum class BinanceMarket : std::uint8_t { spot, futures };

/// A capture of `lines` lines: depth changes, book tickers, trades, and a snapshot behind the
/// fourth change, from within the third. Its book equals its book tickers at equal update ids.
std::string binance_capture(std::uint64_t seed, std::size_t lines,
                            BinanceMarket market = BinanceMarket::spot);

/// Lean tick rows: milliseconds from midnight; one side per row and exchange in equity quotes.
std::string lean_trades(std::uint64_t seed, std::size_t rows);
std::string lean_equity_quotes(std::uint64_t seed, std::size_t rows);
/// One row in `crossed` is crossed; 0 means none.
std::string lean_forex_quotes(std::uint64_t seed, std::size_t rows, std::size_t crossed = 0);

struct LobsterFiles {
  std::string messages;
  std::string book;  ///< One row of ten levels after each message.
};
LobsterFiles lobster_files(std::uint64_t seed, std::size_t messages);

/// `time,bid,ask,bid_size,ask_size`, time in nanoseconds.
std::string csv_quotes(std::uint64_t seed, std::size_t rows);
/// `time,price,quantity,side`, time in nanoseconds.
std::string csv_trades(std::uint64_t seed, std::size_t rows);

void write_plain(const std::string& path, const std::string& text);
void write_gzip(const std::string& path, const std::string& text);
/// A zip of one file called `inside`.
void write_zip(const std::string& path, const std::string& inside, const std::string& text);
/// The bytes of a file.
std::string read_bytes(const std::string& path);
/// The text in a file: plain, gzipped, or the first file of a zip.
std::string read_text(const std::string& path);

}  // namespace holdfast::testkit
