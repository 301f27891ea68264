// All texts of the console, in English. A translation is a file of the same form.

export const en = {
  // The frame and what all pages use.
  name: 'Callhook',
  nav: {
    label: 'Pages',
    overview: 'Overview',
    webhooks: 'Webhooks',
    reports: 'Reports',
    deliveries: 'Deliveries',
    keys: 'Keys',
    account: 'Account',
    accounts: 'Accounts',
    docs: 'API docs',
    skip: 'Skip to content',
  },
  top: {
    account: 'Account',
    zone: 'Times in {zone}',
    search: 'Find a report by phone number',
    searchShort: 'Phone number',
    searchHint: 'Press / to search',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    signOut: 'Sign out',
    expires: 'This link ends {when}.',
    readOnly: 'Read only',
    oneWebhook: 'One webhook',
  },
  common: {
    add: 'Add',
    all: 'All',
    cancel: 'Cancel',
    close: 'Close',
    copied: 'Copied',
    copy: 'Copy',
    copyWhat: 'Copy {what}',
    delete: 'Delete',
    edit: 'Edit',
    more: 'Show more',
    loading: 'Loading…',
    none: 'None',
    refresh: 'Refresh',
    remove: 'Remove',
    retry: 'Try again',
    save: 'Save',
    saved: 'Saved',
    shown: { one: '{count} shown', other: '{count} shown' },
    shownMore: { one: '{count} shown, more follow', other: '{count} shown, more follow' },
    showNumber: 'Show the number',
    wrap: 'Wrap lines',
    bytes: { one: '{count} byte', other: '{count} bytes' },
    clear: 'Clear filters',
    withCurl: 'Or with the API',
    unreadable: 'This item cannot be read. The operator finds its key in the log.',
    needsScope: 'Your key lacks the scope {scope}.',
    unknown: 'Unknown',
    yes: 'Yes',
    no: 'No',
  },
  code: {
    asSent: 'As sent',
    text: 'Text',
  },
  status: {
    closed: 'healthy',
    delivered: 'delivered',
    retrying: 'retrying',
    pending: 'pending',
    failed: 'failed',
    skipped: 'skipped',
    no_webhook: 'no webhook',
    active: 'active',
    inactive: 'paused',
    disabled: 'disabled',
    open: 'circuit open',
    half_open: 'probing',
    counting: 'counting',
    sending: 'sending',
    completed: 'completed',
    cancelled: 'cancelled',
    expired: 'expired',
    erasing: 'being erased',
    nextAttempt: 'in {time}',
    nextAttemptNow: 'now',
  },
  errors: {
    offline: 'The console cannot reach the API. Check your connection, then try again.',
    timeout: 'The API did not answer within 35 seconds. Try again.',
    key: 'The API refused the key: it is wrong, was revoked, or has expired.',
    throttled: 'Too many requests at the moment. Try again in {seconds} s.',
    throttledSoon: 'Too many requests at the moment. Try again shortly.',
    notFound: 'There is nothing here: it was deleted, or belongs to another account.',
    precondition: 'Someone else changed this since you opened it.',
    unexpected: 'The API answered {status}. Try again; if it stays so, tell the operator.',
    page: 'This page failed to load. Reload it.',
    pageUnknown: 'There is no page at this address.',
    toOverview: 'Go to the overview',
  },
  signIn: {
    title: 'Sign in',
    lead: 'Paste an API key, or open the link that your platform gave you.',
    key: 'API key',
    placeholder: 'chk_…',
    action: 'Sign in',
    malformed: 'A key begins with chk_ and has no spaces.',
    wrong: 'The API refused this key: it is wrong, was revoked, or has expired.',
    ended: 'Your key has expired or was revoked. Sign in with another one; you return to where you were.',
    kept: 'The key stays in this tab until you close it.',
  },

  // One section a page.
  overview: {
    title: 'Overview',
  },

  webhooks: {
    title: 'Webhooks',
  },

  webhook: {
    title: 'Webhook',
  },

  compose: {
    title: 'Compose',
  },

  reports: {
    title: 'Reports',
  },

  report: {
    title: 'Report',
  },

  deliveries: {
    title: 'Deliveries',
  },

  delivery: {
    title: 'Delivery',
  },

  replays: {
    title: 'Replays',
  },

  keys: {
    title: 'Keys',
  },

  account: {
    title: 'Account',
  },

  accounts: {
    title: 'Accounts',
  },
};
