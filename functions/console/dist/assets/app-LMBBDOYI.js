import{Ba as s}from"./chunk-D7HUCWGJ.js";import"./chunk-EQIBTUVF.js";s();
