#include "html.hpp"

#include "chart.hpp"

namespace holdfast::cli {

std::string card(const std::string& value, const std::string& what, const std::string& tone) {
  return "<div class=\"card\"><b class=\"" + tone + "\">" + escaped(value) + "</b><span>" + escaped(what) +
         "</span></div>\n";
}

std::string section(const std::string& title, const std::string& small, const std::string& body) {
  return "<section><h2>" + escaped(title) + (small.empty() ? "" : "<small>" + escaped(small) + "</small>") + "</h2>\n" +
         body + "</section>\n";
}

std::string paragraph(const std::string& text, const std::string& style) {
  return "<p class=\"" + style + "\">" + escaped(text) + "</p>\n";
}

std::string html_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                       std::size_t first_number, std::size_t wrapped) {
  std::string out = "<div class=\"scroll\"><table>";
  const auto line = [&](const std::vector<std::string>& cells, const std::string& open, const char* close) {
    out += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
      out += open +
             (i == wrapped        ? " class=\"wrap\">"
              : i >= first_number ? " class=\"n\">"
                                  : ">") +
             escaped(cells[i]) + close;
    out += "</tr>\n";
  };
  out += "<thead>";
  line(head, "<th scope=\"col\"", "</th>");
  out += "</thead><tbody>";
  for (const auto& row : rows) line(row, "<td", "</td>");
  return out + "</tbody></table></div>\n";
}

std::string key(const std::string& drawing, const std::string& text) {
  return "<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\">" + drawing + "</svg>" + escaped(text) + "</li>";
}

std::string line_key(const std::string& style, const std::string& name) {
  return key("<path class=\"line bold " + style + "\" d=\"M0 6h18\"/>", name);
}

std::string legend(const std::string& keys) { return keys.empty() ? "" : "<ul class=\"legend\">" + keys + "</ul>\n"; }

}  // namespace holdfast::cli
