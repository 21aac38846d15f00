import { Api, type Box, type Row } from "../support/api.ts";
import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

/** A chance as the page writes it. */
function percent(chance: number): string {
  if (chance > 0 && chance < 0.005) return "<\u202f1%";
  if (chance < 1 && chance > 0.995) return ">\u202f99%";
  return `${Math.round(100 * chance)}%`;
}

/** An ISO week of the API as the page writes it. */
function written(week: string): string {
  const [year, number] = week.split("-W");
  return `week\u00a0${Number(number)}, ${year}`;
}

const CLASSES = ["ample", "near", "overload"];

function chance(row: Row): number {
  return row.overload_probability ?? -1;
}

test("UX 23: the verdict names a chance, its span, and the first week of the same event", async ({ page, request, dashboard: base }) => {
  const api = new Api(request, base);
  const likely = (await api.boxes()).find((row) => row.urgency === "overload" && chance(row) > 0.2);
  if (likely === undefined) throw new Error("no transformer is at risk");
  const ranked = (await api.box(likely.box_id)).assessment?.ranked;
  if (ranked === undefined) throw new Error("no verdict");
  const dashboard = new Dashboard(page);
  await dashboard.open(`/?box=${likely.box_id}`);
  const verdict = dashboard.detail.locator(".outlook");
  await expect(verdict.locator(".outlook-title")).toContainText(
    `up to ${written(ranked.until)}: ${percent(ranked.both.probability)}`,
  );
  const side = ranked.minimum.probability > ranked.maximum.probability ? ranked.minimum : ranked.maximum;
  const line = verdict.locator(".outlook-directions li").first();
  await expect(line).toContainText(/^[↑↓] (Import|Feed-in): /);
  await expect(line).toContainText(`${percent(side.probability)} chance of an overload`);
  await expect(line).toContainText(`likeliest in ${written(side.likeliest_first_week ?? "")}`);
  await expect(line).toContainText(`heaviest week is ${written(side.heaviest_week)}`);
  if (side.early_first_week !== null) {
    const isSame = side.early_first_week === side.likeliest_first_week;
    const passed = isSame ? ", when its chance" : `by ${written(side.early_first_week)} its chance`;
    await expect(line).toContainText(`${passed} has passed 1 in 10`);
    await expect(line).toContainText(/at a risk of 1 in 10 it is [\d.,]+\u00a0kW short/);
  }
  await keepPicture(page, "verdict");
});

test("UX 23: the strip of weeks tells each week's chance in words", async ({ page, request, dashboard: base }) => {
  const api = new Api(request, base);
  const likely = (await api.boxes()).find((row) => row.urgency === "overload");
  await page.goto(`/?box=${likely?.box_id}`);
  const strip = page.locator(".week-strip");
  await expect(strip).toContainText("Chance of an overload, week by week");
  expect(await strip.locator("svg g").count()).toBe(53);
  await expect(strip.getByRole("listitem").first()).toContainText(/week\s\d+, \d{4}: .*%; at least one up to then: .*%/);
  await expect(strip).toContainText("indicative");
});

test("UX 23: a strip without a chance worth a bar says so", async ({ page, request, dashboard: base }) => {
  const api = new Api(request, base);
  const ample = (await api.boxes()).filter((row) => row.urgency === "ample").at(-1);
  await page.goto(`/?box=${ample?.box_id}`);
  const strip = page.locator(".week-strip");
  await expect(strip.locator("figcaption")).toContainText("below 1% in every week");
  await expect(strip.getByRole("listitem")).toHaveCount(0);
  await page.goto(`/?box=${ample?.box_id}&lang=nl`);
  await expect(strip.locator("figcaption")).toContainText("minder dan 1% in elke week");
});

test("UX 24: what was measured comes first, and no room is ample over it", async ({ page, request, dashboard: base }) => {
  const api = new Api(request, base);
  const rows = await api.boxes();
  const exceeded = rows.filter((row) => row.exceedance !== null);
  expect(exceeded.length).toBeGreaterThan(0);
  expect(exceeded.map((row) => row.urgency)).not.toContain("ample");
  expect(rows[0]?.urgency).toBe("exceeded");
  await page.goto(`/?box=${exceeded[0]?.box_id}`);
  const verdict = page.locator(".outlook");
  await expect(verdict.locator("p").first()).toContainText(/^Overloaded in \d+ of /);
  await expect(verdict.locator(".outlook-ahead")).toContainText(/^Forecast: .* up to week/);
  await expect(verdict).not.toContainText("mple room");
});

test("UX 25: the page says which season its half-year leaves out", async ({ page, request, dashboard: base }) => {
  const api = new Api(request, base);
  // The half-year ends before the new year: a box whose heaviest week of the last year came after it.
  const inWinter = (box: Box) => {
    const found = box.minimum?.forecast;
    if (!found || box.capacity_kva === null) return false;
    const last = found.observed_kw.slice(found.history - 52, found.history).map((kw) => kw ?? 0);
    const lowest = Math.min(...last);
    const heavy = box.maximum!.forecast;
    const measured = heavy.observed_kw.slice(heavy.history - 52, heavy.history).map((kw) => kw ?? 0);
    const highest = Math.max(...measured);
    const heaviest = heavy.weeks[heavy.history - 52 + measured.indexOf(highest)] ?? "";
    // What the fit takes for less than it was is no season.
    if (box.maximum!.footing?.outliers.includes(heaviest)) return false;
    const week = Number(heaviest.split("-W")[1]);
    return week >= 1 && week <= 8 && highest > 0.6 * box.capacity_kva && highest > -lowest;
  };
  const box = await api.find(inWinter);
  await page.goto(`/?box=${box.box_id}`);
  await expect(page.locator(".verdict-details")).toContainText(
    /This goes up to week\s\d+, \d{4}: the (winter|spring|summer|autumn), with −?[\d.,]+\skW in week\s\d+, \d{4}, lies beyond\. Indicatively, the chance up to/,
  );
});

test("UX 26: class, order and chance do not contradict each other", async ({ page, request, dashboard: base }) => {
  const api = new Api(request, base);
  const rows = (await api.boxes()).filter((row) => CLASSES.includes(row.urgency) && row.exceedance === null);
  const forecast = rows.filter((row) => row.overload_probability !== null);
  expect(forecast.length).toBeGreaterThan(20);
  for (const [place, later] of CLASSES.entries()) {
    for (const redder of CLASSES.slice(place + 1)) {
      const least = Math.min(...forecast.filter((row) => row.urgency === redder).map(chance));
      const most = Math.max(...forecast.filter((row) => row.urgency === later).map(chance));
      expect(least, `${redder} above ${later}`).toBeGreaterThanOrEqual(most);
    }
  }
  const places = forecast.map((row) => CLASSES.indexOf(row.urgency));
  expect(places).toEqual([...places].sort((a, b) => b - a));
  // Those that are no more likely than not are in the order of their chance.
  const others = forecast.filter((row) => chance(row) <= 0.5 && chance(row) >= 0.001).map(chance);
  expect(others).toEqual([...others].sort((a, b) => b - a));
  await page.goto("/");
  await expect(page.locator(".class-legend")).toContainText("a chance of an overload within the half-year of 10% or more");
});

test("UX 27: the bands stand beside how often they held", async ({ page, request, dashboard: base }) => {
  const api = new Api(request, base);
  const box = (await api.boxes()).find((row) => row.urgency === "overload");
  await page.goto(`/?box=${box?.box_id}`);
  const verdict = page.locator(".verdict-details");
  await expect(verdict).toContainText(/with 9 chances in 10; the limit is/);
  await expect(verdict).toContainText(/In the backtest such ranges held \d+ of 100 weeks\./);
});
