import { Dashboard } from "../support/dashboard.ts";
import { expect, expectAccessible, keepPicture, test } from "../support/test.ts";

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  test.beforeEach(({}, info) => test.skip(info.project.name !== "desktop", "the size is its own"));

  test("rows begin within 200 px, menu and filters open from buttons (UX 29)", async ({ page }) => {
    const dashboard = new Dashboard(page);
    await dashboard.open();
    const top = (await dashboard.rows().first().boundingBox())!.y;
    await keepPicture(page, "phone-list");
    expect(top).toBeLessThanOrEqual(200);
    await page.getByRole("button", { name: "Filters" }).click();
    await expect(dashboard.area).toBeVisible();
    await keepPicture(page, "phone-filters");
    await expectAccessible(page);
    await dashboard.area.selectOption("Tilburg");
    await expect(page).toHaveURL(/area=Tilburg/);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Menu" }).click();
    await expect(page.getByRole("link", { name: "Nederlands" })).toBeVisible();
    await keepPicture(page, "phone-menu");
    await page.keyboard.press("Escape");
    await dashboard.boxes().first().click();
    await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
    await keepPicture(page, "phone-detail");
  });
});

test.describe("at 400 % zoom", () => {
  test.use({ viewport: { width: 320, height: 256 } });
  test.beforeEach(({}, info) => test.skip(info.project.name !== "desktop", "the size is its own"));

  test("list and detail are usable, nothing scrolls sideways (UX 29)", async ({ page }) => {
    const dashboard = new Dashboard(page);
    await dashboard.open();
    await dashboard.boxes().nth(1).scrollIntoViewIfNeeded();
    await page.locator(".ranking-frame").evaluate((frame) => frame.scrollIntoView());
    const frame = (await page.locator(".ranking-frame").boundingBox())!;
    expect(frame.height).toBeGreaterThan(200);
    expect(frame.height).toBeLessThanOrEqual(256);
    await keepPicture(page, "zoomed-list");
    const sideways = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await sideways()).toBe(0);
    await dashboard.boxes().nth(1).click();
    await expect(dashboard.detail.getByRole("heading", { level: 1 })).toBeVisible();
    await keepPicture(page, "zoomed-detail");
    expect(await sideways()).toBe(0);
  });
});

test("what is selected can be told in forced colours (UX 29)", async ({ page, isMobile }) => {
  test.skip(isMobile, "a tablet shows list or detail");
  await page.emulateMedia({ forcedColors: "active" });
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const ground = (place: number) =>
    dashboard.rows().nth(place).locator("th").evaluate((cell) => getComputedStyle(cell).backgroundColor);
  await dashboard.boxes().nth(1).click();
  await expect(dashboard.detail.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await ground(1)).not.toBe(await ground(2));
  await keepPicture(page, "forced-colours");
});
