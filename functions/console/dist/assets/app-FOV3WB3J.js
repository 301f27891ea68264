import{Ba as s}from"./chunk-6727X4HJ.js";import"./chunk-EQIBTUVF.js";s();
