import{Ba as s}from"./chunk-Z56QIMTW.js";import"./chunk-CP3WDGD6.js";s();
