import { Api, type Box } from "../support/api.ts";
import { colourAt, stackedEdges, watchCharts } from "../support/charts.ts";
import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

/** Whether a band of the forecast minima extends well to both sides of zero. */
function crossesZero(box: Box): boolean {
  const forecast = box.minimum?.forecast;
  if (!forecast) return false;
  const reach = (box.capacity_kva ?? 0) / 50;
  return forecast.weeks.some(
    (_, row) => row >= forecast.history && forecast.total[0][row]! < -reach && forecast.total[4][row]! > reach,
  );
}

test("bands match their quantiles, including across zero", async ({ page, request, dashboard: base }) => {
  const box = await new Api(request, base).find(crossesZero);
  await watchCharts(page);
  const dashboard = new Dashboard(page);
  await page.goto(`/?box=${box.box_id}`);
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  const edges = await stackedEdges(page);
  const places = { 5: 0, 15: 1, 85: 3, 95: 4 } as const;
  for (const extreme of ["minimum", "maximum"] as const) {
    const { history, total } = box[extreme]!.forecast;
    for (const [level, place] of Object.entries(places)) {
      const drawn = edges[`total-${extreme.slice(0, 3)}-${level}`];
      // The half-year; the paler rest is drawn apart.
      const expected = total[place]!.slice(history, history + 27);
      expect(drawn).toHaveLength(expected.length);
      const farthest = Math.max(...expected.map((kw, row) => Math.abs(kw - drawn![row]!)));
      expect(farthest, `${level} % of the ${extreme}, kW`).toBeLessThan(0.01);
    }
  }
  await keepPicture(page, "bands-across-zero");
});

test("the chart has the band's colour on both sides of zero", async ({ page, request, dashboard: base }) => {
  const box = await new Api(request, base).find(crossesZero);
  await watchCharts(page);
  const dashboard = new Dashboard(page);
  await page.goto(`/?box=${box.box_id}`);
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  const { history, total, weeks } = box.minimum!.forecast;
  // The week whose inner band extends furthest to both sides, excluding the ends of the chart.
  const rows = weeks.map((_, row) => row).slice(history + 1, history + 26);
  const depth = (row: number) => Math.min(-total[0][row]!, total[4][row]!);
  const row = rows.reduce((best, row) => (depth(row) > depth(best) ? row : best));
  const week = await page.evaluate((row) => {
    type Chart = { getOption(): { series: { id: string; data: [number, number][] }[] } };
    const chart = (globalThis as unknown as { drawnCharts: Chart[] }).drawnCharts.at(-1)!;
    return chart.getOption().series.find((series) => series.id === "total-min-5")!.data[row]![0];
  }, row - history);
  const [low, high] = [total[0][row]!, total[4][row]!];
  const below = await colourAt(page, week, low * 0.5);
  const above = await colourAt(page, week, high * 0.5);
  const outside = await colourAt(page, week, low - 0.5 * (high - low));
  expect(below).not.toBe(outside);
  expect(above).not.toBe(outside);
});
