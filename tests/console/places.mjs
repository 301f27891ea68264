// The addresses of all pages, for the tests that visit each.

/** `name` and `place` of the pages of an account with data. `isWhole` is false for a page whose tabs another page has too. */
export async function placesOf(api) {
  const webhooks = await api.all('/v1/webhooks');
  const named = (pattern) => webhooks.find(({ name }) => pattern.test(name)) ?? webhooks[0];
  const [delivered, failing] = [named(/^CRM/), named(/^(Intranet|Hostile)/)];
  const recovered = await deliveryOf(api, named(/^(Ledger|CRM)/), 'delivered');
  const failed = (await deliveryOf(api, named(/^(Legacy|Hostile)/), 'failed')) ?? (await deliveryOf(api, failing, 'failed')) ?? (await deliveryOf(api, failing));
  const replays = (await api.get(`/v1/webhooks/${failing.id}/replays`)).data;
  return [
    ['overview', '/'],
    ['webhooks', '/webhooks'],
    ['webhook', `/webhooks/${delivered.id}`],
    ['webhook-failing', `/webhooks/${failing.id}`, false],
    ['compose-new', '/webhooks/new'],
    ['compose', `/webhooks/${delivered.id}/compose`],
    ...(replays.length ? [['replay', `/webhooks/${failing.id}/replays/${replays[0].id}`]] : []),
    ['reports', '/reports'],
    ...(failed ? [['report', `/reports/${failed.report_id}`]] : []),
    ['deliveries', '/deliveries'],
    ...(recovered ? [['delivery', `/deliveries/${recovered.id}`]] : []),
    ...(failed ? [['delivery-failed', `/deliveries/${failed.id}`]] : []),
    ['keys', '/keys'],
    ['account', '/account'],
  ].map(([name, place, isWhole = true]) => ({ name, place, isWhole }));
}

/** The delivery to a webhook with the most attempts. */
async function deliveryOf(api, webhook, status) {
  const { data } = await api.get(`/v1/webhooks/${webhook.id}/deliveries?limit=50${status ? `&status=${status}` : ''}`);
  return data.sort((a, b) => b.attempt_count - a.attempt_count)[0];
}

/** The pages of a platform key. */
export const platformPlaces = (accountId) => [
  { name: 'accounts', place: '/accounts', isWhole: true },
  { name: 'account-of-customer', place: `/accounts/${accountId}`, isWhole: true },
  { name: 'platform-keys', place: '/keys', isWhole: false },
];
