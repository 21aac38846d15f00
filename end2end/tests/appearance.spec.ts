import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

/** The lightness of the page's background, 0 to 255. */
const ground = (dashboard: Dashboard) =>
  dashboard.page.evaluate(() => {
    const colour = getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.slice(0, 3).map(Number);
    return colour.reduce((sum, part) => sum + part, 0) / 3;
  });

test("dark is chosen by a click and remembered, the link stays as it was (UX 31)", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  expect(await ground(dashboard)).toBeGreaterThan(200);
  await dashboard.boxes().first().click();
  await page.getByRole("navigation", { name: "Appearance" }).getByRole("link", { name: "Dark" }).click();
  await expect.poll(() => ground(dashboard)).toBeLessThan(60);
  expect(page.url()).not.toContain("theme=");
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await keepPicture(page, "detail-dark");
  await dashboard.open();
  expect(await ground(dashboard)).toBeLessThan(60);
  await page.getByRole("navigation", { name: "Appearance" }).getByRole("link", { name: "Auto" }).click();
  await expect.poll(() => ground(dashboard)).toBeGreaterThan(200);
});

test("the language is remembered, the link stays as it was (UX 31)", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open("/?area=Tilburg");
  await page.getByRole("link", { name: "Nederlands" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "nl");
  expect(new URL(page.url()).search).toBe("?area=Tilburg");
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("lang", "nl");
});

test("without scripts a switch is remembered as well, and a link from elsewhere changes nothing", async ({ browser, dashboard: base }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${base}/?lang=nl`);
  await page.goto(base);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.goto(`${base}/`);
  await page.getByRole("link", { name: "Nederlands" }).click();
  await page.goto(`${base}/`);
  await expect(page.locator("html")).toHaveAttribute("lang", "nl");
  await context.close();
});

test("without a choice the system's preference applies", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const dashboard = new Dashboard(page);
  await dashboard.open();
  expect(await ground(dashboard)).toBeLessThan(60);
  await keepPicture(page, "list-dark");
});

test("the page itself never scrolls: its panes do (UX 29)", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  for (const tab of ["Forecast", "Why", "Accuracy", "Data"]) {
    await dashboard.tab(tab).click();
    await expect(dashboard.tab(tab)).toHaveAttribute("aria-selected", "true");
    const below = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    expect(below, tab).toBeLessThanOrEqual(0);
  }
});

test("in forced colours what stands in a chosen row, chip and tab is legible on its ground (UX 29)", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const first = await dashboard.boxes().first().innerText();
  await page.goto(`/?box=${first}`);
  await dashboard.ready();
  const colours = await page.evaluate(() => {
    const system = document.createElement("i");
    document.body.append(system);
    system.style.cssText = "color: HighlightText; forced-color-adjust: none";
    const wanted = getComputedStyle(system).color;
    const parts = document.querySelectorAll(
      ".ranking .row:has([aria-current]) :is(a, .line, .figure, span), .chip[aria-current] :not(svg, svg *), [role='tab'][aria-selected='true']",
    );
    return [...parts].map((part) => getComputedStyle(part).color === wanted);
  });
  expect(colours.length).toBeGreaterThan(5);
  expect(colours).not.toContain(false);
});
