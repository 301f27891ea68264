import{Ba as s}from"./chunk-ZCWQDKD5.js";import"./chunk-CP3WDGD6.js";s();
