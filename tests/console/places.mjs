// The addresses of all pages, for what looks at each of them.

/** `name` and `place` of the pages of an account, with what is in it. */
export async function placesOf(api) {
  const webhooks = await api.all('/v1/webhooks');
  const [delivered, failing] = [webhooks.find(({ name }) => /^CRM/.test(name)) ?? webhooks[0], webhooks.find(({ name }) => /^(Intranet|Hostile)/.test(name)) ?? webhooks[0]];
  const deliveryOf = async (webhook) => (await api.get(`/v1/webhooks/${webhook.id}/deliveries?limit=1`)).data[0];
  const [good, bad] = [await deliveryOf(delivered), await deliveryOf(failing)];
  const replays = (await api.get(`/v1/webhooks/${failing.id}/replays`)).data;
  return [
    ['overview', '/'],
    ['webhooks', '/webhooks'],
    ['webhook', `/webhooks/${delivered.id}`],
    ['webhook-failing', `/webhooks/${failing.id}`],
    ['compose-new', '/webhooks/new'],
    ['compose', `/webhooks/${delivered.id}/compose`],
    ...(replays.length ? [['replay', `/webhooks/${failing.id}/replays/${replays[0].id}`]] : []),
    ['reports', '/reports'],
    ...(bad ? [['report', `/reports/${bad.report_id}`]] : []),
    ['deliveries', '/deliveries'],
    ...(good ? [['delivery', `/deliveries/${good.id}`]] : []),
    ...(bad ? [['delivery-failed', `/deliveries/${bad.id}`]] : []),
    ['keys', '/keys'],
    ['account', '/account'],
  ].map(([name, place]) => ({ name, place }));
}

/** The pages of the platform. */
export const platformPlaces = (accountId) => [
  { name: 'accounts', place: '/accounts' },
  { name: 'account-of-customer', place: `/accounts/${accountId}` },
  { name: 'platform-keys', place: '/keys' },
];
