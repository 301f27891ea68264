import { call } from '../../api/client.js';
import { setQuery, useQuery } from '../../state/router.js';
import { useResource } from '../../state/resource.js';
import { can } from '../../state/session.js';
import { scanJson } from './json_text.js';
import { SAMPLES, reportIn } from './variables.js';

/**
 * The report of the preview. The choice is in the address: `?sample=C2C`, `?sample=own`, `?report=<id>`. `own` is the
 * reader's own JSON. Returns `{ kind, id, chosen, text, choose, pick, error, isWrong }`: `chosen` is for the API (`null` while
 * it loads), `text` is the report for the list of variables.
 */
export function useReport(own) {
  const { sample, report: id } = useQuery();
  const kind = id || sample === 'past' ? 'past' : ['C2C', 'own'].includes(sample) ? sample : 'OBD';
  const isRead = Boolean(id) && can('deliveries:read');
  const past = useResource((signal) => (isRead ? call('readReport', { params: { id }, asText: true, signal }).then(reportIn) : null), [id, isRead]);
  const choose = (kind) => setQuery({ sample: kind === 'OBD' ? undefined : kind, report: undefined });
  const pick = (id) => setQuery({ sample: undefined, report: id });
  const base = { kind, id, choose, pick, error: past.error, isWrong: false };
  if (kind === 'past' && isRead && !past.data) return { ...base, chosen: past.error ? { sample: 'OBD' } : null, text: SAMPLES.OBD };
  if (kind === 'past' && isRead) return { ...base, chosen: { text: past.data }, text: past.data };
  if (kind === 'own') {
    const isObject = scanJson(own).root?.kind === 'object';
    return { ...base, chosen: isObject ? { text: own } : null, text: isObject ? own : SAMPLES.OBD, isWrong: !isObject };
  }
  const name = kind === 'C2C' ? 'C2C' : 'OBD';
  return { ...base, chosen: { sample: name }, text: SAMPLES[name] };
}
