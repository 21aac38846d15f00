import type { Page } from "@playwright/test";

/** The upper edge of a stacked layer of a band at each week, kW. */
export type Edges = Record<string, number[]>;

/** Keeps references to the charts of the page for inspection; to be called before the page is opened. */
export async function watchCharts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const charts: unknown[] = [];
    let library: { init: (...words: unknown[]) => unknown } | undefined;
    Object.defineProperty(globalThis, "drawnCharts", { value: charts });
    Object.defineProperty(globalThis, "echarts", {
      configurable: true,
      get: () => library,
      set: (given: { init: (...words: unknown[]) => unknown }) => {
        library = {
          ...given,
          init: (...words: unknown[]) => {
            const chart = given.init(...words);
            charts.push(chart);
            return chart;
          },
        };
      },
    });
  });
}

/** The edges of all stacked layers of the newest chart, by the identifier of their series. */
export function stackedEdges(page: Page): Promise<Edges> {
  return page.evaluate(() => {
    type Data = {
      count(): number;
      get(dimension: string, row: number): number;
      getCalculationInfo(name: string): string;
    };
    type Series = { id: string; option: { stack?: string }; getData(): Data };
    type Chart = { getModel(): { eachSeries(visit: (series: Series) => void): void } };
    const charts = (globalThis as unknown as { drawnCharts: Chart[] }).drawnCharts;
    const edges: Edges = {};
    charts.at(-1)?.getModel().eachSeries((series) => {
      if (!series.option.stack) return;
      const data = series.getData();
      const dimension = data.getCalculationInfo("stackResultDimension");
      edges[series.id] = Array.from({ length: data.count() }, (_, row) => data.get(dimension, row));
    });
    return edges;
  });
}

/** The colour of the chart at a week and a power on the first pair of axes, as `r,g,b`. */
export function colourAt(page: Page, week: number, kw: number): Promise<string> {
  return page.evaluate(
    ([week, kw]) => {
      type Chart = {
        convertToPixel(finder: object, value: number[]): number[];
        getDom(): HTMLElement;
        getDevicePixelRatio(): number;
      };
      const chart = (globalThis as unknown as { drawnCharts: Chart[] }).drawnCharts.at(-1)!;
      const place = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [week!, kw!]);
      const canvas = chart.getDom().querySelector("canvas")!;
      const scale = chart.getDevicePixelRatio();
      const [x, y] = place.map((pixel) => Math.round(pixel * scale));
      const pixel = canvas.getContext("2d")!.getImageData(x!, y!, 1, 1).data;
      return Array.from(pixel).join(",");
    },
    [week, kw] as const,
  );
}

/** The identifiers of the newest chart's series. */
export function seriesIds(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Chart = { getOption(): { series?: { id: string }[] } };
    const chart = (globalThis as unknown as { drawnCharts: Chart[] }).drawnCharts.at(-1);
    return (chart?.getOption().series ?? []).map((series) => series.id);
  });
}

/** The ends of the axis of values, kW, and where the window begins, per cent of all weeks. */
export function valueAxis(page: Page): Promise<{ min: number; max: number; start: number }> {
  return page.evaluate(() => {
    type Chart = { getOption(): { yAxis: { min: number; max: number }[]; dataZoom: { start: number }[] } };
    const { yAxis, dataZoom } = (globalThis as unknown as { drawnCharts: Chart[] }).drawnCharts.at(-1)!.getOption();
    return { min: yAxis[0]!.min, max: yAxis[0]!.max, start: dataZoom[0]!.start };
  });
}
