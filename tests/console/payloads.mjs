// Texts that do harm unless the console shows them as text. Each sets `window.harmed` if it runs.

const deed = (name) => `window.harmed=(window.harmed||[]).concat('${name}')`;

/** Ways to run a script from a text. */
export const payloads = [
  `<script>${deed('script')}</script>`,
  `"><img src=x onerror="${deed('img')}">`,
  `'><svg onload="${deed('svg')}">`,
  `</pre></textarea></title></style><svg/onload=${deed('breakout')}>`,
  `<iframe srcdoc="<script>parent.${deed('iframe')}</script>"></iframe>`,
  `<a href="javascript:${deed('link')}">click</a>`,
  `<style>@import 'https://foreign.example/x.css';*{display:none}</style>`,
  `<link rel=stylesheet href=https://foreign.example/x.css><img src=https://foreign.example/x.png>`,
  `<meta http-equiv=refresh content="0;url=https://foreign.example/">`,
  `<form action=https://foreign.example/><button autofocus>go</button></form>`,
  `\${${deed('template')}}{{constructor.constructor('${deed('liquid').replaceAll("'", '')}')()}}`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=${deed('mutation')}>">`,
  `<details open ontoggle=${deed('toggle')}>`,
  `<dialog open>forged</dialog>`,
  '\u202Egnp.exe\u202C \u200B\u200Dzero\uFEFFwidth\u2066isolated\u2069',
];

/** URLs that must not become links. */
export const hostileUrls = [`javascript:${deed('url')}`, `data:text/html,<script>${deed('data')}</script>`, 'vbscript:msgbox(1)', '//foreign.example/x'];

/** One of the payloads within a limit of characters. Whole payloads only. */
export const payloadWithin = (limit) => payloads.filter((payload) => payload.length <= limit);
