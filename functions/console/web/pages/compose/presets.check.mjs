// Posts every preset to the preview of an API, and the examples of the filters: all must render.
//
//     KEY=chk_… node pages/compose/presets.check.mjs [http://localhost:8080]
import { PRESETS, settingsOfPreset } from './presets.js';
import { secretsIn } from './templates.js';
import { FILTERS } from './variables.js';

const api = process.argv[2] ?? 'http://localhost:8080';
let failures = 0;

async function preview(body) {
  const headers = { authorization: `Bearer ${process.env.KEY}`, 'content-type': 'application/json' };
  const response = await fetch(`${api}/v1/webhooks/preview`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

function say(isRight, name, detail) {
  if (!isRight) failures += 1;
  console.log(`${isRight ? 'ok    ' : 'FAILED'} ${name}${detail ? `  ${detail}` : ''}`);
}

for (const preset of PRESETS) {
  const webhook = settingsOfPreset(preset);
  const used = secretsIn([webhook.url, ...Object.values(webhook.headers), JSON.stringify(webhook.body)].join(' '), { inUrl: true });
  webhook.secrets = Object.fromEntries(used.map((name) => [name, 'value']));
  for (const sample of ['OBD', 'C2C']) {
    const { status, answer } = await preview({ webhook, sample });
    const isMeant = ({ message }) => /webhook-signature/.test(message);
    const warnings = (answer.warnings ?? []).filter((warning) => !isMeant(warning)).map(({ message }) => message);
    say(status === 200 && !warnings.length, `${preset.id}, ${sample}`, status === 200 ? warnings.join('; ') : answer.detail);
  }
}

for (const { name, group, hint, input, output } of FILTERS) {
  if (group === 'lists' || group === 'json') continue;
  const report = { value: input.replaceAll('↵', '\n'), to: '1' };
  const { status, answer } = await preview({ webhook: { url: 'https://a.example/', body: { format: 'json', template: { x: `{{value | ${name}${hint}}}` } } }, report });
  const shown = status === 200 ? JSON.parse(answer.body).x.replaceAll('\n', '↵') : answer.detail;
  say(shown === output, `${name}${hint}`, shown === output ? '' : `${JSON.stringify(shown)}, not ${JSON.stringify(output)}`);
}

process.exit(failures ? 1 : 0);
