import{Ba as s}from"./chunk-5P7RXUIU.js";import"./chunk-CP3WDGD6.js";s();
