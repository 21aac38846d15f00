// The parts of ECharts that the charts use, as one script that sets `globalThis.echarts`.
//
// Built by `npm run build:echarts -- --outfile FILE`; the charts themselves are described in app/src/charts.

import * as core from "echarts/core";
import { LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import langNL from "echarts/lib/i18n/langNL.js";

// Only the canvas: the SVG renderer writes style attributes, which the content security policy refuses.
core.use([
  LineChart,
  ScatterChart,
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);
core.registerLocale("NL", langNL);

globalThis.echarts = { init: core.init };
