#pragma once

#include <string>
#include <vector>

/// The few pieces of HTML a report is made of. Text is escaped here; `body`, `keys` and SVG are not.
namespace holdfast::cli {

std::string card(const std::string& value, const std::string& what, const std::string& tone = "");
std::string section(const std::string& title, const std::string& small, const std::string& body);
std::string paragraph(const std::string& text, const std::string& style = "");
/// A table; columns from `first_number` on are aligned to the right, `wrapped` may take many lines.
std::string html_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                       std::size_t first_number, std::size_t wrapped = SIZE_MAX);
/// One entry of a legend: a small drawing, 18 by 12, and what it means.
std::string key(const std::string& drawing, const std::string& text);
std::string line_key(const std::string& style, const std::string& name);
std::string legend(const std::string& keys);

}  // namespace holdfast::cli
