import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Code } from '../../components/code.js';

/** A report as it was sent, over several lines or on one. `text` is its JSON, `mask` masks its numbers; a masked report is not copied. */
export const ReportText = ({ text, mask }) => html`
  <${Code} name=${t(mask.isOn ? 'report.jsonMasked' : 'report.json')} text=${mask.jsonText(text)} original=${text} json wrap />`;
