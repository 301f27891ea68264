// The entry of the console. The rest is in main.js, so that groups of pages can import modules that they share with it.
import './styles/app.css';
import { start } from './main.js';

start();
