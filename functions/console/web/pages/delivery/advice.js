// Advice on deliveries that were not accepted.
import { asSentence } from '../../lib/sentences.js';

/** Status codes with their own advice. */
const codes = {
  400: 'request', 401: 'credentials', 403: 'forbidden', 404: 'path', 405: 'method', 406: 'format', 408: 'overload', 410: 'gone', 411: 'proxy', 413: 'large',
  414: 'long', 415: 'format', 422: 'request', 429: 'rate', 431: 'long', 501: 'server', 502: 'upstream', 503: 'overload', 504: 'upstream', 505: 'server',
};
const classes = { 2: 'success', 3: 'redirect', 4: 'request', 5: 'receiver' };

const errors = {
  dns: 'dns', refused: 'refused', unreachable: 'network', timeout_connect: 'network', connect: 'network', timeout_response: 'slow', timeout: 'slow',
  reset: 'cut', closed: 'cut', broken: 'cut', protocol: 'protocol', refused_url: 'url', refused_address: 'address', not_sent: 'template',
};
const tls = {
  self_signed: 'certificate', unknown_issuer: 'chain', expired: 'expiredCertificate', wrong_name: 'wrongName', not_tls: 'notTls',
  incompatible: 'tlsVersion', interrupted: 'tlsHost',
};

/** Where the reader carries out a step: the webhook's request (`compose`), its settings, the webhook's page (`webhook`), or the receiver (`null`). */
const places = {
  ...Object.fromEntries([
    'request', 'credentials', 'path', 'method', 'format', 'large', 'long', 'redirect', 'dns', 'url', 'address', 'template', 'notTls', 'wrongName', 'server',
  ].map((step) => [step, 'compose'])),
  success: 'settings', slow: 'settings', rate: 'settings', gone: 'webhook', webhook_inactive: 'webhook', webhook_disabled: 'webhook',
};

/** The name of the step for an outcome of an attempt. */
export function stepOf({ status_code: code, error }) {
  if (code !== undefined) return codes[code] ?? classes[Math.floor(code / 100)] ?? 'protocol';
  if (error?.type === 'tls') return tls[error.reason] ?? 'tls';
  return errors[error?.type] ?? 'network';
}

/**
 * The advice on a delivery: `step` names a text, `place` is where the reader carries it out. `null` for deliveries that were
 * delivered, or not attempted yet.
 */
export function adviceOf({ status, reason, attempts }) {
  if (status === 'delivered') return null;
  if (status === 'skipped') return { step: reason ?? 'expired', place: places[reason] ?? null };
  const last = attempts.at(-1);
  if (!last) return status === 'failed' ? { step: 'template', place: places.template } : null;
  const step = stepOf(last);
  return { step, place: places[step] ?? null };
}

/**
 * The API's explanation of a delivery's status: its `detail`, else that of its last error, else the `meaning` that the webhook's
 * health has for the same status code. `undefined` if it has none.
 */
export function meaningOf({ detail, attempts }, webhook) {
  if (detail) return asSentence(detail);
  const last = attempts.at(-1);
  if (last?.error?.detail) return asSentence(last.error.detail);
  const failure = webhook?.health?.last_failure;
  const isSame = last?.status_code !== undefined && failure?.status_code === last.status_code && failure.meaning;
  return isSame ? asSentence(failure.meaning) : undefined;
}
