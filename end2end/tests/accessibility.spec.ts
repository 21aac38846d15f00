import { Dashboard } from "../support/dashboard.ts";
import { expect, expectAccessible, test } from "../support/test.ts";

// Each row of the tables is checked several times.
test.slow();

for (const theme of ["light", "dark"]) {
  test(`the list in ${theme} has no accessibility violation`, async ({ page }) => {
    const dashboard = new Dashboard(page);
    await dashboard.open(`/?theme=${theme}`);
    await expectAccessible(page);
  });

  for (const tab of ["Forecast", "Breakdown of the maximum", "Breakdown of the minimum"]) {
    test(`the detail in ${theme}, ${tab.toLowerCase()}, has no accessibility violation`, async ({ page }) => {
      const dashboard = new Dashboard(page);
      await dashboard.open(`/?theme=${theme}`);
      await dashboard.boxes().first().click();
      await dashboard.tab(tab).click();
      await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
      await expectAccessible(page);
    });
  }
}

test("an empty list and the 404 page have no accessibility violation", async ({ page, complaints }) => {
  await page.goto("/?q=nothing+at+all");
  await expectAccessible(page);
  await page.goto("/nowhere");
  await expectAccessible(page);
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});

for (const theme of ["light", "dark"]) {
  for (const [path, language] of [["/model", "en"], ["/model", "nl"], ["/runs", "en"], ["/runs", "nl"]] as const) {
    test(`${path} in ${theme}, ${language}, has no accessibility violation (UX 19)`, async ({ page }) => {
      await page.goto(`${path}?theme=${theme}&lang=${language}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
    });
  }
}
