import { html } from '../lib/html.js';
import { piecesOf } from './document.js';

/** A description, with code between backticks. */
export const Text = ({ of }) => piecesOf(of ?? '').map(({ code, text }) => (code === undefined ? text : html`<code>${code}</code>`));
