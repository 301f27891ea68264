import{Ba as s}from"./chunk-JMGVCNAO.js";import"./chunk-CP3WDGD6.js";s();
