import{Ba as s}from"./chunk-JCSPJ2Y4.js";import"./chunk-EQIBTUVF.js";s();
