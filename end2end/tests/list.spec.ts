import { Api } from "../support/api.ts";
import { Dashboard } from "../support/dashboard.ts";
import { expect, keepPicture, test } from "../support/test.ts";

const percent = (text: string) => Number(text.replace(/[^\d]/g, ""));

test("an area filters the list and its count", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.area.selectOption("Tilburg");
  await expect(page).toHaveURL(/area=Tilburg/);
  await expect(page.getByText(/^\d+ of 149 transformers$/)).toBeVisible();
  await expect.poll(async () => new Set(await dashboard.column("Area"))).toEqual(new Set(["Tilburg"]));
  await dashboard.area.selectOption("All areas");
  await expect(page.getByText("149 transformers", { exact: true })).toBeVisible();
});

test("a note on the data filters the list and is restored from the link", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const notes = page.getByRole("combobox", { name: "Note on the data" });
  await notes.selectOption("switching");
  await expect(page).toHaveURL(/flag=switching/);
  await expect(page.getByText(/^\d+ of 149 transformers$/)).toBeVisible();
  await page.reload();
  await dashboard.ready();
  await expect(notes).toHaveValue("switching");
  await expect(page.getByText(/^\d+ of 149 transformers$/)).toBeVisible();
  await notes.selectOption("");
  await expect(page.getByText("149 transformers", { exact: true })).toBeVisible();
});

test("a search follows the typing and finds a single box", async ({ page, request, dashboard: base }) => {
  const last = (await new Api(request, base).boxes()).at(-1)!;
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.search.pressSequentially(last.box_id.toLowerCase());
  await expect(dashboard.boxes()).toHaveText([last.box_id]);
  await expect(page).toHaveURL(/q=/);
  await dashboard.search.fill("no box is called like this");
  await expect(page.getByText("No transformer matches this filter.")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page.getByText("149 transformers", { exact: true })).toBeVisible();
});

test("a chip shows one class only", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  const chip = page.getByRole("navigation", { name: "All transformers" }).getByRole("link", { name: /Near limit/ });
  const count = percent(await chip.innerText());
  expect(count).toBeGreaterThan(0);
  await chip.click();
  await expect(chip).toHaveAttribute("aria-current", "true");
  await expect(page.getByText(`${count} of 149 transformers`)).toBeVisible();
  await expect
    .poll(async () => (await dashboard.column("Status")).filter((status) => !status.startsWith("Near limit")))
    .toEqual([]);
});

test("a click on a column header sorts by it, a second one reverses the order", async ({ page }) => {
  test.skip((page.viewportSize()?.width ?? 0) < 1000, "on a narrow screen the list is sorted by the field above it");
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.sortBy("Peak loading");
  const head = dashboard.list.getByRole("columnheader", { name: "Peak loading" });
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect
    .poll(async () => {
      const loadings = (await dashboard.column("Peak loading")).map(percent);
      return loadings.every((loading, row) => row === 0 || loading <= loadings[row - 1]!);
    })
    .toBe(true);
  await dashboard.sortBy("Peak loading");
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await dashboard.sortBy("Box");
  const sorted = (boxes: string[]) => boxes.every((box, row) => row === 0 || boxes[row - 1]! <= box);
  await expect.poll(async () => sorted(await dashboard.boxes().allInnerTexts())).toBe(true);
});

test("the field above the list sorts it as well", async ({ page, request, dashboard: base }) => {
  const boxes = (await new Api(request, base).boxes()).map((row) => row.box_id).sort();
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await page.getByRole("combobox", { name: "Sort by" }).selectOption("Box");
  await expect(page).toHaveURL(/sort=box-id/);
  await expect(dashboard.boxes().first()).toHaveText(boxes[0]!);
});

test("at most a hundred rows are in the document, and scrolling never shows an empty list", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  expect(await dashboard.rows().count()).toBeLessThanOrEqual(100);
  const frame = dashboard.list.locator("xpath=..");
  for (const share of [0.3, 0.6, 1]) {
    await frame.evaluate((frame, share) => frame.scrollTo(0, share * frame.scrollHeight), share);
    // Waits for a row in the middle of the viewport.
    await expect
      .poll(() =>
        frame.evaluate((frame) => {
          const { left, top, width, height } = frame.getBoundingClientRect();
          const row = document.elementFromPoint(left + width / 3, top + height / 2)?.closest("tr.row");
          return row?.querySelector("th")?.textContent ?? "";
        }),
      )
      .not.toBe("");
    expect(await dashboard.rows().count()).toBeLessThanOrEqual(100);
  }
  await expect(dashboard.list.getByRole("row").last()).toBeAttached();
});

test("the keyboard moves through the list and opens a transformer", async ({ page }) => {
  const dashboard = new Dashboard(page);
  await dashboard.open();
  await dashboard.boxes().first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const third = dashboard.boxes().nth(2);
  await expect(third).toBeFocused();
  const box = await third.innerText();
  await page.keyboard.press("Enter");
  await expect(dashboard.boxId()).toHaveText(box);
});

test("a list without matches is a regular page", async ({ page }) => {
  await page.goto("/?q=nothing+at+all");
  await expect(page.getByText("No transformer matches this filter.")).toBeVisible();
  await keepPicture(page, "list-without-match");
});
