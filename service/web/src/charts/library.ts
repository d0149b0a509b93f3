// What the page uses of Apache ECharts, loaded when the first chart is.
import { BarChart, CustomChart, HeatmapChart, ScatterChart } from "echarts/charts";
import { GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart,
  CanvasRenderer,
  CustomChart,
  GeoComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  ScatterChart,
  TooltipComponent,
  VisualMapComponent,
]);

export { echarts };
