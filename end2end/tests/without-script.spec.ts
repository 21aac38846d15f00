import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

test.use({ javaScriptEnabled: false });

test("without JavaScript the first fifty rows, the filter, the order and the detail are there", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await page.goto("/");
  await expect(dashboard.rows()).toHaveCount(50);
  await expect(dashboard.rows().first()).toContainText(/overload/i);
  await keepPicture(page, "list-without-script");

  await page.locator("select[name=area]").selectOption("Tilburg");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/area=Tilburg/);
  expect(new Set(await dashboard.column("Area"))).toEqual(new Set(["Tilburg"]));

  const box = await dashboard.boxes().first().innerText();
  await dashboard.boxes().first().click();
  await expect(dashboard.boxId()).toHaveText(box);
  await expect(dashboard.detail.locator("svg.history-picture .median").first()).toBeVisible();
  await expect(dashboard.detail).toContainText(/In week\s\d+, \d{4} the (minimum|maximum) lies between .+ with 9 chances in 10/);
  await dashboard.detail.getByText("Data table").click();
  await expect(dashboard.table().getByRole("row").nth(3)).toBeVisible();
  await keepPicture(page, "detail-without-script");
});
