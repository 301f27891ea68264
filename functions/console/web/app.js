// The entry of the console. Everything else is in main.js, so that groups of pages can name what they share with it.
import './styles/app.css';
import { start } from './main.js';

start();
