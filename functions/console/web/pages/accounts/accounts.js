// The logic of account forms, without their components.

/** The quotas in the order of the page, with their bounds. */
export const QUOTAS = [
  { name: 'webhooks', least: 0, most: 100_000 },
  { name: 'subscriptions', least: 0, most: 100_000 },
  { name: 'reports_per_second', least: 1, most: 10_000 },
  { name: 'deliveries_per_second', least: 1, most: 50_000 },
];

/** The fields of a form; numbers are text as they are typed, and an absent quota is empty. */
export function formOf(account = {}) {
  return {
    id: account.id ?? '',
    name: account.name ?? '',
    time_zone: account.time_zone ?? '',
    retention_days: String(account.retention_days ?? ''),
    operational_webhook_id: account.operational_webhook_id ?? '',
    quotas: Object.fromEntries(QUOTAS.map(({ name }) => [name, String(account.quotas?.[name] ?? '')])),
  };
}

const numberOrNull = (text) => (text.trim() ? Number(text) : null);

/** The values of a form in the API's format; `null` is the default. */
function valuesOf(form) {
  return {
    name: form.name.trim(),
    time_zone: form.time_zone.trim() || null,
    retention_days: numberOrNull(form.retention_days),
    operational_webhook_id: form.operational_webhook_id.trim() || null,
    quotas: Object.fromEntries(QUOTAS.map(({ name }) => [name, numberOrNull(form.quotas[name])])),
  };
}

const withoutNull = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/** The body that creates an account, with the fields that were filled in. */
export function newAccountOf(form) {
  const { quotas, operational_webhook_id: _, ...values } = valuesOf(form);
  const set = withoutNull(quotas);
  return { ...(form.id.trim() && { id: form.id.trim() }), ...withoutNull(values), ...(Object.keys(set).length > 0 && { quotas: set }) };
}

/** The body that changes an account, with the fields that differ between the two forms. */
export function changeOf(before, now) {
  const [old, wanted] = [valuesOf(before), valuesOf(now)];
  const change = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => name !== 'quotas' && value !== old[name]));
  const quotas = Object.fromEntries(Object.entries(wanted.quotas).filter(([name, value]) => value !== old.quotas[name]));
  return Object.keys(quotas).length ? { ...change, quotas } : change;
}

/** The accounts whose name, id or zone contains a text; case does not matter. */
export function matching(accounts, text = '') {
  const sought = text.trim().toLowerCase();
  return accounts.filter(({ id, name = '', time_zone: zone = '' }) => [id, name, zone].some((value) => value.toLowerCase().includes(sought)));
}

/** The IANA names of the time zones that the browser knows. */
export const zones = () => ['UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])];
