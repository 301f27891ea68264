// Functions that run in the page. Each is self-contained, since the browser gets only its source.

/**
 * Finds an element as a person does, and the point to click. `path` has steps from the outer to the inner element, each `{ role, css,
 * name, text }`: `name` is the accessible name, `text` a part of the content; both are a text or `{ source, flags }` of a pattern.
 * `index` chooses among several. Returns `{ count, x, y, problem }`, or the element with `wantsElement`.
 */
export function find(path, { index = 0, wantsElement = false, toClick = false } = {}) {
  const candidates = {
    button: 'button, summary, input[type=submit], [role=button]', link: 'a[href]', textbox: 'input, textarea, [contenteditable], [role=textbox]',
    searchbox: 'input', combobox: 'select, input, [role=combobox]', spinbutton: 'input', checkbox: 'input', radio: 'input',
    heading: 'h1, h2, h3, h4', dialog: 'dialog', row: 'tr', table: 'table', region: 'section, [role=region]', listitem: 'li',
  };
  const squeezed = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const equals = (text, wanted) => (typeof wanted === 'string' ? squeezed(text) === squeezed(wanted) : new RegExp(wanted.source, wanted.flags).test(squeezed(text)));
  const holds = (text, wanted) => (typeof wanted === 'string' ? squeezed(text).includes(squeezed(wanted)) : new RegExp(wanted.source, wanted.flags).test(squeezed(text)));
  // Computing an element's name is slow, so its text and attributes exclude most elements first.
  const hints = (element) => [
    element.getAttribute('aria-label'), element.getAttribute('title'), element.getAttribute('placeholder'), element.textContent,
    ...[...(element.labels ?? [])].map((label) => label.textContent),
    ...(element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => id && document.getElementById(id)?.textContent),
  ];
  const mayHave = (element, name) => hints(element).some((hint) => hint && (typeof name === 'string' ? squeezed(hint).includes(squeezed(name)) : equals(hint, name)));
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });

  const modal = [...document.querySelectorAll('dialog:modal')].at(-1);
  let roots = [modal?.parentNode ?? document];
  for (const step of path) {
    const roles = step.role ? [step.role].flat() : null;
    const selector = step.css ?? (roles ? roles.map((role) => candidates[role] ?? `[role=${role}]`).join(', ') : '*');
    const found = new Set();
    for (const root of roots) {
      const all = [...root.querySelectorAll(selector)];
      const likely = step.name === undefined ? all : all.filter((element) => mayHave(element, step.name));
      for (const element of likely.length || all.length > 50 ? likely : all) {
        if (!isShown(element)) continue;
        if (roles && !roles.includes(element.computedRole)) continue;
        if (step.text !== undefined && !holds(element.innerText, step.text)) continue;
        if (step.name !== undefined && !equals(element.computedName, step.name)) continue;
        if (modal && !modal.contains(element)) continue;
        found.add(element);
      }
    }
    roots = [...found];
  }
  const element = roots.at(index);
  if (wantsElement) return element ?? null;
  if (!element) return { count: roots.length, problem: 'is not there' };
  if (!toClick) return { count: roots.length };
  if (element.matches(':disabled, [aria-disabled=true]')) return { count: roots.length, problem: 'is disabled' };
  element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const hit = document.elementFromPoint(x, y);
  const isHit = hit && (element.contains(hit) || hit.contains(element) || [...(element.labels ?? [])].some((label) => label.contains(hit)));
  if (!isHit) return { count: roots.length, problem: `is covered by ${hit ? hit.outerHTML.slice(0, 120) : 'nothing: it is outside the window'}` };
  // If the page moves at this moment, another element may get the click; then the click is repeated.
  globalThis.wasHit = false;
  const note = () => {
    globalThis.wasHit = true;
  };
  element.addEventListener('click', note, { once: true, capture: true });
  return { count: roots.length, x, y };
}

/** Describes what a person sees on the page, for messages. */
export function describe() {
  const squeezed = (text) => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, 100);
  const shown = [...document.querySelectorAll('h1, h2, a[href], button, input, select, textarea, summary, dialog, [role=alert]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }));
  return {
    address: location.href,
    title: document.title,
    parts: shown.slice(0, 100).map((element) => `${element.computedRole} "${squeezed(element.computedName || element.innerText)}"${element.disabled ? ' (disabled)' : ''}`),
    text: squeezed(document.body.innerText).length ? document.body.innerText.replace(/\s+/g, ' ').slice(0, 1500) : '',
  };
}
