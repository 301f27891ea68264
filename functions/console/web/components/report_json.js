import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { Code } from './code.js';

/** A report as it was sent, over several lines or as one. `mask` is that of its numbers; a masked report is not copied. */
export function ReportJson({ report, mask }) {
  const name = t(mask.isOn ? 'report.jsonMasked' : 'report.json');
  return html`<${Code} name=${name} text=${JSON.stringify(mask.json(report))} original=${JSON.stringify(report)} json wrap />`;
}
