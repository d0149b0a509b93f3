import{e as o}from"./chunk-AEMJEILJ.js";import"./chunk-WOT6VMZA.js";function h(){return o("h1",{children:"Pool"})}export{h as PoolView};
