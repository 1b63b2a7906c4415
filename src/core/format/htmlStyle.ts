/** How the page looks: on a screen in light and dark, and printed, where nothing is hidden and nothing scrolls. */
export const STYLE = `
:root { color-scheme: light; --page: #ffffff; --panel: #f5f7f9; --text: #1c2127; --quiet: #56606b; --rule: #d5dce3;
  --link: #0b57a8;
  --weakens: #a4161a; --weakens-back: #fdeceb; --unknown: #7a4b00; --unknown-back: #fdf3d7; --neutral: #47505a;
  --neutral-back: #edf0f3;
  --tightens: #17643a; --tightens-back: #e3f5ea; --gone: #fdeceb; --gone-mark: #f8c4c1; --come: #e3f5ea;
  --come-mark: #aee2c1; }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; --page: #12161b; --panel: #1a2027;
  --text: #e4e9ee; --quiet: #a3afbb;
  --rule: #333d48; --link: #79b8ff; --weakens: #ff9d97; --weakens-back: #3d1a1c; --unknown: #f2c46d;
  --unknown-back: #372a10;
  --neutral: #c2ccd6; --neutral-back: #29323b; --tightens: #84d9a4; --tightens-back: #153123; --gone: #351a1d;
  --gone-mark: #702a2e;
  --come: #132c20; --come-mark: #225f3d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1.5rem clamp(.75rem, 3vw, 2.5rem) 4rem; background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.125rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0; }
a { color: var(--link); }
h2 a, .key a { color: inherit; text-decoration: none; }
h2 a:hover, .key a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
:target { outline: 2px solid var(--link); outline-offset: 2px; border-radius: .375rem; }
code, .diff { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: .8125rem; }
code { overflow-wrap: anywhere; white-space: pre-wrap; }
.quiet { color: var(--quiet); }
.top { border-bottom: 1px solid var(--rule); padding-bottom: 1rem; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: 1rem 0 0; padding: 0; border: 0; }
.filter legend { float: left; padding: 0; margin-right: .25rem; color: var(--quiet); }
.filter label { display: inline-flex; align-items: center; gap: .4rem; cursor: pointer; }
.filter input { margin: 0; accent-color: currentColor; }
.badge { display: inline-flex; align-items: center; gap: .4rem; padding: .125rem .6rem; border: 1px solid;
  border-radius: 1rem;
  font-size: .8125rem; font-weight: 600; line-height: 1.4; white-space: nowrap; justify-self: start;
  align-self: start; }
.weakens .badge, .badge.weakens, .error .badge { color: var(--weakens); background: var(--weakens-back); }
.unknown .badge, .badge.unknown, .warning .badge { color: var(--unknown); background: var(--unknown-back); }
.neutral .badge, .badge.neutral, .note .badge { color: var(--neutral); background: var(--neutral-back); }
.tightens .badge, .badge.tightens { color: var(--tightens); background: var(--tightens-back); }
.index { margin: 1rem 0 0; padding: 0; list-style: none; columns: 24rem; }
.index li { break-inside: avoid; padding: .125rem 0; overflow-wrap: anywhere; }
section { margin-top: 2rem; }
.list { list-style: none; margin: .75rem 0 0; padding: 0; border: 1px solid var(--rule); border-radius: .5rem;
  overflow: hidden; }
.list > li { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .25rem 1rem; padding: .6rem .9rem;
  border-top: 1px solid var(--rule); }
.list > li:first-child { border-top: 0; }
.list > li:target { outline-offset: -2px; }
.key { font-weight: 600; }
.what { margin-top: .125rem; }
.what del, .what ins { text-decoration: none; padding: 0 .25rem; border-radius: .2rem; }
.what del, .diff mark.gone { background: var(--gone-mark); }
.what ins, .diff mark.come { background: var(--come-mark); }
.diff { width: 100%; margin-top: 1rem; border: 1px solid var(--rule); border-collapse: separate; border-spacing: 0;
  border-radius: .5rem;
  table-layout: fixed; line-height: 1.45; overflow: hidden; }
.diff col:nth-child(odd) { width: 3.25rem; }
.diff th { padding: .4rem .75rem; background: var(--panel); border-bottom: 1px solid var(--rule); text-align: left;
  overflow-wrap: anywhere; }
.diff th + th, .diff td:nth-child(3) { border-left: 1px solid var(--rule); }
.diff td { padding: 0 .5rem 0 1.4rem; text-indent: -1rem; vertical-align: top; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.diff td:nth-child(odd) { padding: 0 .5rem 0 0; text-indent: 0; text-align: right; color: var(--quiet);
  user-select: none; }
.diff .changed td:nth-child(-n+2) { background: var(--gone); }
.diff .changed td:nth-child(n+3) { background: var(--come); }
.diff .changed td.none { background: var(--panel); }
.diff del, .diff ins { text-decoration: none; }
.diff del::before { content: "- "; }
.diff ins::before { content: "+ "; }
.diff .same::before { content: "  "; }
.diff mark { color: inherit; border-radius: .15rem; }
.diff .fold td { padding: .2rem .75rem; text-indent: 0; text-align: left; background: var(--panel);
  color: var(--quiet); user-select: auto;
  border-block: 1px solid var(--rule); font-family: system-ui, "DejaVu Sans", sans-serif; }
.fold label { display: inline-flex; align-items: center; gap: .5rem; cursor: pointer; }
.fold input { margin: 0; }
button { font: inherit; font-size: .8125rem; padding: .125rem .75rem; border: 1px solid var(--rule);
  border-radius: 1rem; background: var(--panel);
  color: inherit; cursor: pointer; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 44rem) { .list > li { grid-template-columns: minmax(0, 1fr); } .diff col:nth-child(odd) {
  width: 2.25rem; }
  .diff, .diff code { font-size: .6875rem; } .diff td:nth-child(odd) { padding-right: .25rem; } }
@media screen { @supports selector(:has(*)) { .fold:not(:has(:checked)) + tbody { display: none; }
  body:has(#show-weakens:not(:checked)) .change.weakens, body:has(#show-unknown:not(:checked)) .change.unknown,
  body:has(#show-neutral:not(:checked)) .change.neutral, body:has(#show-tightens:not(:checked)) .change.tightens {
  display: none; } } }
@media print { @page { margin: 12mm; } body { max-width: none; padding: 0; font-size: 9pt; } .diff, code {
  font-size: 7pt; }
  .filter input, .filter legend, .fold, .tools { display: none; } .diff, .list { overflow: visible; }
  .list > li, .diff tr { break-inside: avoid; } h2 { break-after: avoid; }
  .badge, .diff td, .diff th, .diff mark, .what del, .what ins { print-color-adjust: exact;
  -webkit-print-color-adjust: exact; } }
`
