// What a report says of its call, and what can be done about it.
import { memberText, parseJson, plain } from '../../lib/json.js';

/**
 * An answer of the API that holds a report, with the report's own text as `text`: a browser may round its numbers and reorder its members, and
 * the report that is sent back must be unchanged.
 */
export const readingOf = (text) => ({ ...parseJson(text), text: memberText(text, 'report') });

/** Members that tell of the call, in the order in which they are shown. Numbers and times of receipt are shown beside them. */
export const callFacts = [
  'status', 'status1', 'status2', 'start_at', 'end_at', 'duration', 'billing', 'hangup_by', 'source', 'event', 'mid', 'flow_id', 'id',
];

/** A member as text; `undefined` if the report does not tell it. */
export function textOf(report, name) {
  const value = plain(report[name]);
  return ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? String(value) : undefined;
}

/** Whether a delivery can be sent again: it failed or was skipped, and its webhook is there. */
export const canBeResent = ({ status, reason }) => status === 'failed' || (status === 'skipped' && reason !== 'webhook_deleted');

/** What a subscription that fits the report may name, the narrowest first: pairs of its kind and the identity. */
export function identitiesOf(report) {
  const found = [['number', 'bridge'], ['flow', 'flow_id'], ['source', 'source']].map(([kind, member]) => [kind, textOf(report, member)]);
  return [...found.filter(([, value]) => value !== undefined).map(([kind, value]) => [kind, `${kind}:${value}`]), ['all', 'all']];
}

/** Sends each delivery again, one after the other. Returns the number that was accepted, and the refused ones with their errors. */
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
