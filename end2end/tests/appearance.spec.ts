import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

/** The lightness of the page's background, 0 to 255. */
const ground = (dashboard: Dashboard) =>
  dashboard.page.evaluate(() => {
    const colour = getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.slice(0, 3).map(Number);
    return colour.reduce((sum, part) => sum + part, 0) / 3;
  });

test("dark is chosen by a click and kept in the link", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  expect(await ground(dashboard)).toBeGreaterThan(200);
  await dashboard.boxes().first().click();
  await page.getByRole("navigation", { name: "Appearance" }).getByRole("link", { name: "Dark" }).click();
  await expect(page).toHaveURL(/theme=dark/);
  await expect.poll(() => ground(dashboard)).toBeLessThan(60);
  await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
  await keepPicture(page, "detail-dark");
});

test("without a choice the system's preference applies", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const dashboard = new Dashboard(page);
  await dashboard.open();
  expect(await ground(dashboard)).toBeLessThan(60);
  await keepPicture(page, "list-dark");
});
