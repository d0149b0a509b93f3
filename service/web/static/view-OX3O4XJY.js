import{e as o}from"./chunk-AEMJEILJ.js";import"./chunk-WOT6VMZA.js";function d(){return o("h1",{children:"Upload"})}export{d as UploadView};
