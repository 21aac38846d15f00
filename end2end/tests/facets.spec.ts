import { watchCharts } from "../support/charts.ts";
import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

const number = (text: string) => Number(text.replace(/[^\d]/g, ""));

test("every count is what the list shows if it is chosen (UX 30)", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open("/?area=Tilburg");
  const chips = page.getByRole("navigation", { name: "All transformers" }).getByRole("link");
  const counts = (await chips.locator(".chip-count").allInnerTexts()).map(number);
  // Those that are not measured come last, and are not among all of them.
  expect(counts[0]).toBe(counts.slice(1, -1).reduce((sum, count) => sum + count, 0));
  const [place] = [1, 2, 3, 4].filter((at) => counts[at]! > 0);
  await chips.nth(place!).click();
  await expect(page.getByText(new RegExp(`^${counts[place!]} of 149 transformers$`))).toBeVisible();
  // The counts of the classes stay as they were: they do not filter each other.
  expect((await chips.locator(".chip-count").allInnerTexts()).map(number)).toEqual(counts);
  // The areas are counted under the class.
  const option = dashboard.area.locator("option", { hasText: "Tilburg" });
  expect(number(await option.innerText())).toBe(counts[place!]);
});

test("filters by direction, time, chance and loading narrow the list and come back from the link (UX 4)", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await page.getByText("More filters").click();
  const direction = page.getByRole("combobox", { name: "Direction of the peak" });
  const offered = number((await direction.locator("option[value='feed-in']").innerText()).split("(")[1]!);
  await direction.selectOption("feed-in");
  await expect(page.getByText(new RegExp(`^${offered} of 149 transformers$`))).toBeVisible();
  await page.getByRole("combobox", { name: "Peak loading" }).selectOption("80");
  await expect(page).toHaveURL(/peak=feed-in&loading=80/);
  await expect
    .poll(async () => (await dashboard.column("Peak loading")).map(number).every((loading) => loading >= 80))
    .toBe(true);
  await keepPicture(page, "more-filters");
  const shown = await page.getByText(/^\d+ of 149 transformers$/).innerText();
  await page.reload();
  await dashboard.ready();
  await expect(page.getByText(shown, { exact: true })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Direction of the peak" })).toHaveValue("feed-in");
});

test("a search finds a town in any case and order of its words", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const town = (await dashboard.rows().first().locator(".col-station .town").innerText()).replace(/^, /, "").trim();
  expect(town).not.toBe("");
  await dashboard.search.fill(town.toUpperCase().split(" ").reverse().join(" "));
  await expect(page.getByText(/^\d+ of 149 transformers$/)).toBeVisible();
  await expect(dashboard.boxes().first()).toBeVisible();
});

test("an unknown box is 404, in a sentence, with a search for boxes like it", async ({ page, complaints }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const known = await dashboard.boxes().first().innerText();
  const station = known.slice(0, known.lastIndexOf("-"));
  const answer = await page.goto(`/?box=${station}-9`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByText(`There is no box ${station}-9.`)).toBeVisible();
  await page.getByRole("link", { name: "Search for boxes like it" }).click();
  await dashboard.ready();
  await expect(dashboard.boxes().first()).toContainText(station);
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});

test("the skip links move the keyboard to the first row and to the detail", async ({ page, isMobile }) => {
  test.skip(isMobile, "a tablet is used by touch");
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the list" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dashboard.boxes().first()).toBeFocused();
  await page.getByRole("link", { name: "Skip to the transformer" }).focus();
  await page.keyboard.press("Enter");
  await expect(dashboard.detail).toBeFocused();
});

test("the wheel over a chart scrolls the page (UX 29)", async ({ page, isMobile }) => {
  test.skip(isMobile, "a tablet has no wheel");
  await page.setViewportSize({ width: 1440, height: 500 });
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await dashboard.chart().hover();
  const scrolled = () => dashboard.detail.evaluate((pane) => pane.scrollTop);
  const before = await scrolled();
  await page.mouse.wheel(0, 120);
  await expect.poll(scrolled).toBeGreaterThan(before);
});

test("Ctrl and the wheel zoom a chart (UX 29)", async ({ page, isMobile }) => {
  test.skip(isMobile, "a tablet has no wheel");
  await watchCharts(page);
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  const shown = () =>
    page.evaluate(() => {
      type Zoom = { start: number; end: number };
      const charts = (globalThis as unknown as { drawnCharts: { getOption(): { dataZoom: Zoom[] } }[] }).drawnCharts;
      const [zoom] = charts.at(-1)!.getOption().dataZoom;
      return zoom!.end - zoom!.start;
    });
  const before = await shown();
  await dashboard.chart().hover();
  await page.mouse.wheel(0, -240);
  expect(await shown()).toBe(before);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -240);
  await expect.poll(shown).toBeLessThan(before);
  await page.keyboard.up("Control");
});

test("walking the chart by keys is told to who listens", async ({ page, isMobile }) => {
  test.skip(isMobile, "a tablet is used by touch");
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await dashboard.chart().focus();
  await page.keyboard.press("ArrowRight");
  await expect(dashboard.detail.locator("figure [role='status']")).toContainText(/week.*Maximum, .*kW/);
});
