import { html } from '../lib/html.js';

/** Paths on a grid of 24, drawn with a line of 2. */
const paths = {
  overview: 'M4 20V10M10 20V4M16 20v-7M22 20H2',
  webhooks: 'M12 8.5a3.5 3.5 0 1 0-3-1.7L5.5 13M6 15a3.5 3.5 0 1 0 3 4h7M15 7.2l3.4 6M17 13a3.5 3.5 0 1 1-1 6.4',
  reports: 'M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7',
  deliveries: 'M4 12h13M12 6l6 6-6 6M21 4v16',
  keys: 'M14 10a4 4 0 1 0-1.2 2.8L18 18l3-3M15.5 15.5l2-2',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-4 4-6 8-6s7 2 8 6',
  accounts: 'M3 21V8l6-4v17M9 21h12V10l-6-3M13 13h0M17 13h0M13 17h0M17 17h0',
  docs: 'M5 4h10l4 4v12H5zM8 9h4M8 13h8M8 17h8',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 13l4 4L19 7',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5',
  light: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M4.5 4.5l1.5 1.5M18 18l1.5 1.5M2 12h2M20 12h2M4.5 19.5L6 18M18 6l1.5-1.5',
  dark: 'M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10z',
  system: 'M3 4h18v12H3zM9 20h6M12 16v4',
  signOut: 'M14 4h6v16h-6M3 12h12M11 8l4 4-4 4',
  refresh: 'M20 11a8 8 0 1 0-2 6M20 4v7h-7',
  wrap: 'M4 6h16M4 12h13a3 3 0 0 1 0 6h-5M14 15l-3 3 3 3M4 18h3',
  plus: 'M12 5v14M5 12h14',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4l13 8-13 8z',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  next: 'M9 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  warning: 'M12 3l10 18H2zM12 10v5M12 18h0',
};

/** An icon beside a word, hidden from screen readers. */
export const Icon = ({ name }) => html`
  <svg viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d=${paths[name]} />
  </svg>`;
