import { Dashboard } from "../support/dashboard.ts";
import { expect, expectAccessible, test } from "../support/test.ts";

// Each row of the tables is checked several times.
test.slow();

for (const theme of ["light", "dark"]) {
  const tag = theme === "dark" ? ["@once"] : [];
  test(`the list in ${theme} has no accessibility violation`, { tag }, async ({ page }) => {
    const dashboard = new Dashboard(page);
    await dashboard.open(`/?theme=${theme}`);
    await expectAccessible(page);
  });

  for (const tab of ["Forecast", "Why", "What if?", "Accuracy", "Data"]) {
    test(`the detail in ${theme}, ${tab.toLowerCase()}, has no accessibility violation`, { tag }, async ({ page }) => {
      const dashboard = new Dashboard(page);
      await dashboard.open(`/?theme=${theme}`);
      await dashboard.boxes().first().click();
      await dashboard.tab(tab).click();
      if (["Forecast", "Why", "What if?"].includes(tab)) {
        await expect(dashboard.chart().locator("canvas").first()).toBeVisible();
      } else {
        await expect(dashboard.detail.locator("#tab-panel h2").first()).toBeVisible();
      }
      await expectAccessible(page, "#detail");
    });
  }
}

test("runs, model card and sheets for paper have no accessibility violation, wide and narrow", { tag: "@once" }, async ({ page }) => {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const address of ["/runs", "/model", "/print?area=Breda"]) {
      await page.goto(address);
      for (const details of await page.locator("details").all()) await details.evaluate((el) => el.setAttribute("open", ""));
      await expectAccessible(page);
    }
  }
});

test("an empty list and the 404 page have no accessibility violation", async ({ page, complaints }) => {
  await page.goto("/?q=nothing+at+all");
  await expectAccessible(page);
  await page.goto("/nowhere");
  await expectAccessible(page);
  const others = complaints.filter((complaint) => !complaint.includes("status of 404"));
  complaints.splice(0, complaints.length, ...others);
});

for (const theme of ["light", "dark"]) {
  for (const [path, language] of [["/plan", "en"], ["/plan", "nl"], ["/model", "en"], ["/model", "nl"], ["/runs", "en"], ["/runs", "nl"], ["/completeness", "en"], ["/completeness", "nl"]] as const) {
    test(`${path} in ${theme}, ${language}, has no accessibility violation (UX 19)`, { tag: "@once" }, async ({ page }) => {
      await page.goto(`${path}?theme=${theme}&lang=${language}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
    });
  }
}
