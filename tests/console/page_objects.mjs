// Page objects: all elements that the tests look for. Names are those that people see or hear.
import { button, dialog, element, field, heading, link, row } from './harness/person.mjs';

const main = element('main');

export const frame = {
  signOut: button('Sign out'),
  search: field('Find a report by number or id'),
  theme: button(/^Theme:/),
  hindi: button('हिन्दी'),
  english: button('English'),
  toast: element('.toast'),
  /** The page with this title. */
  page: (title) => heading(title, main),
  /** An item of the rail. */
  item: (name) => link(name, element('nav')),
  tryAgain: button('Try again', main),
};

export const signIn = { key: field('API key'), submit: button('Sign in') };

/** A new secret, shown once. */
export const secretOnce = { dialog: dialog(), text: element('dialog .secret-once code'), copy: button(/^Cop(y|ied)/, dialog()), stored: button('I have stored it', dialog()) };

export const unsaved = { dialog: dialog('Leave without saving?'), stay: button('Stay here'), leave: button('Leave without saving') };

export const webhooks = {
  name: field('Name', main),
  row: (name) => row(name, main),
  link: (name) => link(name, main),
  create: link('Create a webhook', main),
};

export const webhook = {
  tab: (name) => link(name, element('nav.tabs')),
  pause: button('Pause', main),
  activate: button('Activate', main),
  delete: button('Delete', main),
  compose: link('Compose', main),
  test: button('Send a test', element('main > header')),
  sendTest: button(/^Send (a test|again)$/, element('.webhook-line')),
  confirm: (action) => button(action, dialog()),
  cancel: button('Cancel', dialog()),
  dialog: dialog(),
};

export const settings = {
  name: field('Name', main),
  description: field('Description', main),
  save: button('Save changes', main),
  discard: button('Discard changes', main),
  conflict: { title: heading('These settings changed meanwhile', main), keepYours: (name) => field(`Keep yours for ${name}`, main), keepSaved: (name) => field(`Keep the saved one for ${name}`, main), save: button('Save with these choices', main) },
};

export const secrets = {
  rotate: button('Rotate the secret', main),
  submit: button('Rotate the secret', element('main form')),
  overlap: field('The old secret still signs for', main),
};

export const replays = {
  lastHour: button('Last hour', main),
  lastDay: button('Last 24 hours', main),
  which: field('Deliveries', main),
  start: button('Replay failed and skipped', main),
  confirm: button('Start the replay', dialog()),
  bar: element('[role=progressbar]', main),
};

export const reports = {
  number: field('Number', main),
  callStatus: field('Call', main),
  status: field('Delivery', main),
  webhook: field('Webhook', main),
  clear: button('Clear filters', main),
  row: (text) => row(text, element('main tbody')),
  links: element('main tbody tr a'),
};

export const report = {
  resendFailed: button(/^Resend (all )?\d+ failed/, main),
  showNumbers: button('Show numbers', main),
  erase: button('Erase', main),
  deliveryLink: element('main a[href*="#/deliveries/"]'),
};

export const delivery = {
  resend: button('Resend', main),
  render: button('Render the request', main),
  attempts: element('.timeline .attempt', main),
  attempt: (index) => ({ ...element('.timeline .attempt-line', main), index }),
  timeline: element('.timeline', main),
};

export const compose = {
  name: field('Name', main),
  url: field('URL', main),
  method: field('Method', main),
  addHeader: button('Add a header', main),
  headerName: (number) => field(`Name of header ${number}`, main),
  headerValue: (number) => field(`Value of header ${number}`, main),
  format: field('Format of the body', main),
  raw: button('Raw view', main),
  editor: field('Body as JSON', main),
  secret: (name) => field(new RegExp(`secret ${name}`, 'i'), main),
  /** Which reports the new webhook gets. */
  reports: (name) => field(name, main),
  preview: element('#compose-preview', main),
  curlTab: link('curl', main),
  create: button('Create the webhook', main),
  save: button('Save', main),
  test: button('Send a test', main),
  saveAndTest: button('Save and test', main),
  presets: button('Presets', main),
  preset: (name) => ({ role: 'menuitem', css: '[role=menuitem]', name: new RegExp(`^${name} `) }),
  conflict: { title: heading('The webhook was changed meanwhile'), overwrite: button('Save your changes'), take: button('Use the saved version') },
};

export const accounts = {
  new: button('Create an account', main),
  name: field('Name', main),
  zone: field('Time zone', main),
  id: field('Id', main),
  make: button('Create the account', main),
  actFor: button('Act for it', main),
  erase: button('Erase the account…', main),
  eraseNow: button('Erase for good', dialog()),
  typeId: field(/^Type .* to confirm$/, dialog()),
};

export const keys = {
  newKey: button('Create a key', main),
  newLink: button('Create a link', main),
  name: field('Name', main),
  submitReports: button('Submit reports', main),
  make: button('Create the key', main),
  makeLink: button('Create the link', main),
  row: (name) => row(name, main),
  revoke: (name) => button(`Revoke ${name}`, main),
};
