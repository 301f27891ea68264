import{Ba as s}from"./chunk-GV6IQKJN.js";import"./chunk-CP3WDGD6.js";s();
