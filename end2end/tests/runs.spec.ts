import { expect, expectAccessible, test } from "../support/test.ts";

test("the page of runs is one click away in both languages and links back", async ({ page }) => {
  await page.goto("/?theme=dark");
  await page.getByRole("link", { name: "Runs" }).click();
  await expect(page).toHaveURL(/\/runs\?theme=dark/);
  await expect(page.getByRole("heading", { level: 1, name: "Runs" })).toBeVisible();
  // Decisions of other tests start runs of their own, above it.
  const first = page.getByRole("article").filter({ hasText: /^Forecasts, run 1\b/ });
  await expect(first).toContainText("complete");
  await first.getByText("All figures, data tests and settings").click();
  await expect(first.getByRole("rowheader", { name: "Freshness" })).toBeVisible();
  await expect(first.getByRole("rowheader", { name: "Fitting", exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: test.info().outputPath("runs.png"), fullPage: true });
  const below = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
  expect(below, "only the page's own frame scrolls").toBeLessThanOrEqual(0);

  await page.getByRole("link", { name: "Nederlands" }).click();
  await expect(page.getByRole("heading", { name: "Voorspeld en gemeten" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "nl");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "nothing is wider than the window").toBeLessThanOrEqual(0);
  await page.getByRole("link", { name: "Gridspark" }).click();
  await expect(page).toHaveURL(/\/\?lang=nl&theme=dark/);
});

test("the page of runs loads neither scripts nor WebAssembly", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/runs");
  await expect(page.getByRole("article").first()).toBeVisible();
  expect(asked.filter((url) => /\.(js|wasm)(\?|$)/.test(url))).toEqual([]);
});
