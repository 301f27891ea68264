// The outcome of an attempt, in short.
import { hasText, t } from '../../texts/index.js';

/** The status code, or the kind of error in words. */
export function outcomeOf({ status_code: code, error }) {
  if (code !== undefined) return String(code);
  const name = `delivery.errors.${error?.type}`;
  return error ? (hasText(name) ? t(name) : error.type) : t('common.unknown');
}
