// Arriving at another page: the focus goes to its title, and the page begins at its top, or where it was if the reader returns.
import { place } from './router.js';

const INPUTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'];

/** The time that a page has to reach its earlier length. */
const RESTORING_MS = 3_000;

/** Scroll positions of pages by the id of their history entry. */
const positions = new Map();

/** Whether the page had no input since it was opened. Then its title gets the focus. */
let isNew = false;
let stopScrolling = () => {};

let last = 0;

/** Gives the history entry an id. */
function mark() {
  last += 1;
  const entry = `${Date.now()}.${last}`;
  history.replaceState({ ...history.state, entry }, '');
  return entry;
}

/** Watches the place, beginning with the first page. */
export function followArrivals() {
  history.scrollRestoration = 'manual';
  let entry = history.state?.entry ?? mark();
  let { path } = place.get();
  place.subscribe((now) => {
    const isOther = now.path !== path;
    if (isOther) positions.set(entry, window.scrollY);
    path = now.path;
    const known = history.state?.entry;
    entry = known ?? mark();
    if (!isOther) return;
    isNew = true;
    scrollTo(positions.get(known) ?? 0);
  });
  INPUTS.forEach((name) => window.addEventListener(name, () => {
    isNew = false;
    stopScrolling();
  }, { capture: true, passive: true }));
}

/** Scrolls the page, and again while loading data makes it longer. */
function scrollTo(top) {
  stopScrolling();
  const scroll = () => window.scrollTo({ top, behavior: 'instant' });
  scroll();
  if (!top) return;
  const observer = new ResizeObserver(scroll);
  observer.observe(document.body);
  const timer = setTimeout(() => stopScrolling(), RESTORING_MS);
  stopScrolling = () => {
    clearTimeout(timer);
    observer.disconnect();
    stopScrolling = () => {};
  };
}

/** Gives the focus to the title of a page that was just opened, unless a field of the page has it. */
export function focusTitle(title) {
  const page = title.closest('main');
  const { activeElement } = document;
  const isInPage = activeElement !== page && page?.contains(activeElement);
  if (isNew && !isInPage) title.focus({ preventScroll: true });
}
