import{Ba as s}from"./chunk-SFXGITOO.js";import"./chunk-CP3WDGD6.js";s();
