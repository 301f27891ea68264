// The data of a report about its call, and the resend of its deliveries.
import { memberText, parseJson, plain } from '../../lib/json.js';

/**
 * A response of the API with a report, and the report's original text as `text`: a browser may round its numbers and reorder its members,
 * and the report that is sent back must be unchanged.
 */
export const readingOf = (text) => ({ ...parseJson(text), text: memberText(text, 'report') });

/** The members about the call, in the order of the page. Numbers and times of receipt are shown beside them. */
export const callFacts = [
  'status', 'status1', 'status2', 'start_at', 'end_at', 'duration', 'billing', 'hangup_by', 'source', 'event', 'mid', 'flow_id', 'id',
];

/** A member as text; `undefined` if the report does not have it. */
export function textOf(report, name) {
  const value = plain(report[name]);
  return ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? String(value) : undefined;
}

/** Whether a delivery can be sent again: it failed or was skipped, and its webhook exists. */
export const canBeResent = ({ status, reason }) => status === 'failed' || (status === 'skipped' && reason !== 'webhook_deleted');

/** The identities of subscriptions that match the report, the narrowest first, as pairs of kind and identity. */
export function identitiesOf(report) {
  const found = [['number', 'bridge'], ['flow', 'flow_id'], ['source', 'source']].map(([kind, member]) => [kind, textOf(report, member)]);
  return [...found.filter(([, value]) => value !== undefined).map(([kind, value]) => [kind, `${kind}:${value}`]), ['all', 'all']];
}

/** Sends each delivery again, one after the other. Returns the number of accepted resends, and the refused ones with their errors. */
export async function resendAll(deliveries, send) {
  const refused = [];
  for (const delivery of deliveries) {
    try {
      await send(delivery);
    } catch (error) {
      refused.push({ delivery, error });
    }
  }
  return { accepted: deliveries.length - refused.length, refused };
}
