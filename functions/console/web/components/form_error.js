import { html } from '../lib/html.js';
import { ErrorNote } from './note.js';

/** An error of a form, unless each wrong field is one of `fields`, which show their messages themselves. */
export const FormError = ({ error, fields }) => {
  const isShownAtFields = error?.fields?.length > 0 && error.fields.every(({ field }) => fields.some((name) => field === name || field.startsWith(`${name}.`)));
  return isShownAtFields ? null : html`<${ErrorNote} error=${error} />`;
};
