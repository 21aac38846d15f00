import { Dashboard } from "../support/dashboard.ts";
import { expect, test } from "../support/test.ts";

test("a link restores the whole view: filter, order, box, tab; not its appearance", async ({ page, browser, dashboard: base }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.area.selectOption("Breda");
  await page.getByRole("combobox", { name: "Sort by" }).selectOption("Probability");
  await expect(page).toHaveURL(/area=Breda.*sort=overload-probability/);
  await page.getByRole("navigation", { name: "Appearance" }).getByRole("link", { name: "Dark" }).click();
  await dashboard.boxes().nth(1).click();
  await dashboard.tab("Why").click();
  await expect(page).toHaveURL(/tab=why/);
  const view = async (seen: Dashboard) => ({
    boxes: (await seen.list.getByRole("rowheader").allTextContents()).slice(0, 10),
    area: await seen.page.locator("select[name=area]").inputValue(),
    order: await seen.page.locator("select[name=sort]").inputValue(),
    box: await seen.boxId().innerText(),
    tab: await seen.detail.getByRole("tab", { selected: true }).innerText(),
  });
  const before = await view(dashboard);
  expect(before).toMatchObject({ area: "Breda", order: "overload-probability", tab: "Why" });

  await page.reload();
  expect(await view(dashboard)).toEqual(before);

  const elsewhere = await browser.newContext({ viewport: page.viewportSize(), baseURL: base });
  const other = new Dashboard(await elsewhere.newPage());
  await other.page.goto(page.url());
  expect(await view(other)).toEqual(before);
  await expect(other.page.locator("html")).not.toHaveAttribute("data-theme", "dark");
  await elsewhere.close();
});

test("the browser's back button undoes one step at a time", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().click();
  await dashboard.tab("Accuracy").click();
  await expect(page).toHaveURL(/tab=accuracy/);
  await page.goBack();
  await expect(dashboard.tab("Forecast")).toHaveAttribute("aria-selected", "true");
  await page.goBack();
  await expect(page).not.toHaveURL(/box=/);
});
