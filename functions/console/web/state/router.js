// Where the console is: a path and a query in the fragment (`#/webhooks/<id>?tab=deliveries`). Browsers send no fragment
// to a server, so phone numbers and ids in filters stand in no access log.
import { signal, useSignal } from '../lib/signal.js';

const parse = () => {
  const [path, query = ''] = location.hash.slice(1).split('?', 2);
  return { path: path.startsWith('/') ? path : '/', query: Object.fromEntries(new URLSearchParams(query)) };
};

/** `path`, and `query` as an object. */
export const place = signal(typeof location === 'undefined' ? { path: '/', query: {} } : parse());

/** Each decides whether a change of the place waits. */
const guards = new Set();

/** Whether the reader agreed to the next change. */
let isAgreed = false;

/**
 * Has `ask(path, query, link)` decide about each change of the place: `true` stays here. Returns a function that ends this.
 * `guardPlace(null)` lets the next change pass.
 */
export function guardPlace(ask) {
  if (!ask) {
    isAgreed = true;
    return () => {};
  }
  guards.add(ask);
  return () => guards.delete(ask);
}

/** Whether a change waits: the first guard that wants so asks the reader. */
function waits(path, query, link) {
  if (isAgreed) {
    isAgreed = false;
    return false;
  }
  return [...guards].some((ask) => ask(path, query, link));
}

/** Stands for a path where guards are asked about what leaves the page without going to another place. */
const AWAY = '!';
let leaving = null;

/** Runs an action that ends the page, such as signing out: immediately, or when the reader agrees if a guard asks. Returns its result if run immediately. */
export function leave(action) {
  leaving = action;
  return go(AWAY);
}

/** Follows the address bar, and back and forward. `take()` returns whether it dealt with the address itself. */
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

/** The link to a place; empty values of the query are left out. */
export function linkTo(path, query = {}) {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return `#${path}${text ? `?${text}` : ''}`;
}

/** Shows the place of the address, or the first page without one. No guard asks. */
export function arrive(link = location.hash || '#/') {
  if (link !== location.hash) history.replaceState(null, '', link);
  place.set(parse());
}

/** Goes to a place. `replace` leaves no entry in the history; `agreed` asks no guard. */
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

/** Changes single values of the query of this place. */
export function setQuery(changes, { replace = true } = {}) {
  const { path, query } = place.get();
  go(path, { ...query, ...changes }, { replace });
}

/** The query of this place. */
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
