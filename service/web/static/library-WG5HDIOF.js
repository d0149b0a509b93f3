import{a}from"./chunk-3QB5JQKI.js";import"./chunk-WOT6VMZA.js";export{a as echarts};
