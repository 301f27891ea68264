// Where things are on the pages: all that tests look for, in one place.
import { button, element, field, heading, link } from './harness/person.mjs';

const main = element('main');

export const frame = {
  signOut: button('Sign out'),
  search: field('Find a report by phone number'),
  theme: button(/^Theme:/),
  /** The page with this title. */
  page: (title) => heading(title, main),
  /** An item of the rail. */
  item: (name) => link(name, element('nav')),
};

export const signIn = { key: field('API key'), submit: button('Sign in') };
