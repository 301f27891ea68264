// The parts of a webhook's request.

const SECRET = /%%|%([A-Za-z_][A-Za-z0-9_-]{0,63})%/g;

const namesIn = (text) => [...text.matchAll(SECRET)].map(([, name]) => name).filter(Boolean);

/** Where a named secret is used: `url`, `headers.<name>`, `body`. */
export function usesOf(name, { url, headers = {}, body }) {
  const uses = [];
  if (namesIn(url).includes(name)) uses.push('url');
  for (const [header, template] of Object.entries(headers)) {
    if (namesIn(template).includes(name)) uses.push(`headers.${header}`);
  }
  if (body && namesIn(JSON.stringify(body.template)).includes(name)) uses.push('body');
  return uses;
}
