import{Ba as s}from"./chunk-MTQDNJCW.js";import"./chunk-EQIBTUVF.js";s();
