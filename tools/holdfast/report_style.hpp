#pragma once

/// The report's style sheet: light and dark by what the reader's system asks for, and for paper.
namespace holdfast::cli {

inline constexpr const char* kReportStyle = R"css(
:root{--bg:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5b6678;--rule:#e4e7ec;--up:#0b7f56;--down:#c43838;--price:#5b6678;
--c0:#2b6cee;--c1:#0c8787;--c2:#a86200;--c3:#8a4fd8;--c4:#c2417c;--c5:#4d7a14;--c6:#7a6a55;--c7:#3f7fa6;--restart:#7a3fd0;--latch:#a86200}
@media screen{:root{color-scheme:light dark}}
@media screen and (prefers-color-scheme:dark){:root{--bg:#0f1420;--card:#171e2c;--ink:#e6eaf2;--soft:#9aa6ba;--rule:#283143;--up:#3ecf8e;--down:#ff7b72;--price:#9aa6ba;
--c0:#6ea0ff;--c1:#3fd0d0;--c2:#f0a840;--c3:#b58bf5;--c4:#f07fb0;--c5:#a3d25c;--c6:#c9b79c;--c7:#7fc1ea;--restart:#b58bf5;--latch:#f0a840}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 20px 48px}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 16px;margin-bottom:20px}
h1{font-size:28px;line-height:1.2;margin:0;letter-spacing:-.02em}
header p,.note{margin:0;color:var(--soft)}.note{font-size:13px;margin:4px 0 10px}
h2{font-size:16px;margin:0 0 10px}h2 small{font-weight:400;color:var(--soft);margin-left:8px}section p{margin:0 0 8px}
section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:18px 20px;margin:0 0 16px}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:0 0 16px}
@media screen and (max-width:760px){.cards{grid-template-columns:repeat(2,1fr)}section{padding:14px 12px;overflow-x:auto}section>svg{min-width:640px}main{padding:20px 10px}}
.card{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:12px 16px}
.card b{display:block;font-size:22px;line-height:1.3;font-variant-numeric:tabular-nums;letter-spacing:-.01em;overflow-wrap:anywhere}
.card span{color:var(--soft);font-size:13px}.good{color:var(--up)}.bad{color:var(--down)}
svg{display:block;width:100%;height:auto}
.grid{stroke:var(--rule)}.zero{stroke:var(--soft);stroke-opacity:.7}
.tick{font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}.end{text-anchor:end}.mid{text-anchor:middle}.unit,.row,.day{font-weight:600}.row{font-size:13px;fill:var(--ink)}
.line{fill:none;stroke-width:1.4;stroke-linejoin:round}.line.bold{stroke-width:2.2}.area,.band{stroke:none;fill-opacity:.13}.band{fill-opacity:.28}
.c0{stroke:var(--c0);fill:var(--c0)}.c1{stroke:var(--c1);fill:var(--c1)}.c2{stroke:var(--c2);fill:var(--c2)}.c3{stroke:var(--c3);fill:var(--c3)}
.c4{stroke:var(--c4);fill:var(--c4)}.c5{stroke:var(--c5);fill:var(--c5)}.c6{stroke:var(--c6);fill:var(--c6)}.c7{stroke:var(--c7);fill:var(--c7)}
.loss{stroke:var(--down);fill:var(--down)}.price{stroke:var(--price);fill:var(--price)}
path.line{fill:none}path.area,path.band{stroke:none}.bar{stroke:none;fill-opacity:.8}
.line.c2{stroke-dasharray:7 3}.line.c3{stroke-dasharray:2 3}.line.c4{stroke-dasharray:9 3 2 3}.line.c5{stroke-dasharray:4 2}.line.c6{stroke-dasharray:1 2}.line.c7{stroke-dasharray:12 4}
.buy path{fill:var(--up);stroke:var(--up)}.sell path{fill:var(--card);stroke:var(--down);stroke-width:1.6}.count{font-size:10px;text-anchor:middle;fill:var(--soft);font-variant-numeric:tabular-nums}
.restart{--m:var(--restart)}.crash{--m:var(--down)}.parked{--m:var(--ink)}.latch{--m:var(--latch)}.release{--m:var(--up)}
.mark line{stroke:var(--m);stroke-width:1.2;stroke-dasharray:4 3;stroke-opacity:.75}.mark circle{fill:var(--m)}.mark text{fill:var(--card);font-size:11px;font-weight:700;text-anchor:middle}.legend .mark text{font-size:9px}
.span{fill:var(--latch);fill-opacity:.1}.quantile{stroke:var(--ink);stroke-dasharray:3 3}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}
.legend svg{display:inline-block;width:18px;height:12px;vertical-align:-1px;margin-right:5px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-size:12px;font-weight:600;color:var(--soft);text-align:left;vertical-align:bottom}th,td{padding:6px 10px 6px 0;border-bottom:1px solid var(--rule);white-space:nowrap}
tr:last-child td{border-bottom:0}td.n,th.n{text-align:right;padding-right:0;padding-left:12px}td.wrap{white-space:normal;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:13px}footer p{margin:4px 0}
@page{margin:14mm}
@media print{body{background:#fff;font-size:10.5px;print-color-adjust:exact;-webkit-print-color-adjust:exact}main{max-width:none;padding:0 1px}header{margin-bottom:10px}h1{font-size:20px}h2{font-size:12px;margin-bottom:6px}
.legend,.note,footer{font-size:9.5px}.cards{grid-template-columns:repeat(4,1fr)}section,.card,tr{break-inside:avoid;border-color:#ccc}section{padding:10px 12px;margin-bottom:10px}.cards{gap:6px;margin-bottom:10px}.card{padding:6px 10px}.card b{font-size:15px}.card span,th{font-size:9.5px}th,td{padding:3px 6px 3px 0}td.n,th.n{padding-left:6px}.scroll{overflow:visible}}
)css";

}  // namespace holdfast::cli
