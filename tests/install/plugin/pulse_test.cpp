// Needs the testkit and, through it, the library it reads archives with.
#include <holdfast/testkit/data_files.hpp>

int main() {
  using namespace holdfast::testkit;
  const auto quotes = csv_quotes(1, 10);
  write_gzip("quotes.csv.gz", quotes);
  return read_text("quotes.csv.gz") == quotes ? 0 : 1;
}
