// All texts of the console, in English. A translation is an object of the same form. The browser loads the shared texts
// first, and those of other pages with their code.
import { administration } from './en/administration.js';
import { compose } from './en/compose.js';
import { lookup } from './en/lookup.js';
import { reference } from './en/reference.js';
import { shared } from './en/shared.js';
import { webhook } from './en/webhook.js';

export const en = { ...shared, ...administration, ...compose, ...lookup, ...reference, ...webhook };
