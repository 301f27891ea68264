// The place in the console: a path and a query in the fragment (`#/webhooks/<id>?tab=deliveries`). Browsers do not send
// the fragment to a server, so phone numbers and ids in filters do not get into access logs.
import { signal, useSignal } from '../lib/signal.js';

const parse = () => {
  const [path, query = ''] = location.hash.slice(1).split('?', 2);
  return { path: path.startsWith('/') ? path : '/', query: Object.fromEntries(new URLSearchParams(query)) };
};

/** The current place: `path`, and `query` as an object. */
export const place = signal(typeof location === 'undefined' ? { path: '/', query: {} } : parse());

/** Functions that decide whether a change of the place waits. */
const guards = new Set();

/** Whether the reader agreed to the next change. */
let isAgreed = false;

/**
 * Adds a guard: `ask(path, query, link)` runs before each change of the place and returns `true` to stay. Returns a function
 * that removes the guard. `guardPlace(null)` lets the next change pass.
 */
export function guardPlace(ask) {
  if (!ask) {
    isAgreed = true;
    return () => {};
  }
  guards.add(ask);
  return () => guards.delete(ask);
}

/** Whether a change waits. Runs the guards until one returns `true`; that one asks the reader. */
function waits(path, query, link) {
  if (isAgreed) {
    isAgreed = false;
    return false;
  }
  return [...guards].some((ask) => ask(path, query, link));
}

/** The path that guards get for an action that ends the page without a change of place. */
const AWAY = '!';
let leaving = null;

/** Runs an action that ends the page, such as signing out: immediately, or, if a guard asks, when the reader agrees. Returns its result if run immediately. */
export function leave(action) {
  leaving = action;
  return go(AWAY);
}

/** Follows the address bar, and back and forward. `take()` returns whether it handled the address itself. */
export function followAddress(take = () => false) {
  let shown = location.hash;
  place.subscribe(() => {
    shown = location.hash;
  });
  const follow = () => {
    if (location.hash === shown || take()) return;
    const { path, query } = parse();
    if (waits(path, query, location.hash)) history.pushState(null, '', shown || '#/');
    else place.set({ path, query });
  };
  window.addEventListener('hashchange', follow);
  window.addEventListener('popstate', follow);
}

/** The link to a place, without empty values of the query. */
export function linkTo(path, query = {}) {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return `#${path}${text ? `?${text}` : ''}`;
}

/** Shows the place in the address, or the first page if there is none. Skips the guards. */
export function arrive(link = location.hash || '#/') {
  if (link !== location.hash) history.replaceState(null, '', link);
  place.set(parse());
}

/** Goes to a place. `replace` adds no entry to the history; `agreed` skips the guards. */
export function go(path, query = {}, { replace = false, agreed = false } = {}) {
  const link = linkTo(path, query);
  if (agreed) isAgreed = true;
  if (waits(path, query, link)) return undefined;
  if (path === AWAY) return leaving();
  if (link === location.hash) return undefined;
  if (replace) history.replaceState(history.state, '', link);
  else history.pushState(null, '', link);
  place.set(parse());
  return undefined;
}

/** Changes single values in the query of the current place. */
export function setQuery(changes, { replace = true } = {}) {
  const { path, query } = place.get();
  go(path, { ...query, ...changes }, { replace });
}

/** The query of the current place. */
export const useQuery = () => useSignal(place).query;

/** The parameters of a path that matches a template such as `/webhooks/:id`, else `null`. */
export function match(template, path) {
  const [expected, found] = [template.split('/'), path.split('/')];
  if (expected.length !== found.length) return null;
  const params = {};
  for (const [index, part] of expected.entries()) {
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(found[index]);
      } catch {
        return null;
      }
      if (!found[index]) return null;
    } else if (part !== found[index]) return null;
  }
  return params;
}
