import{Ba as s}from"./chunk-3L3KZPUL.js";import"./chunk-CP3WDGD6.js";s();
