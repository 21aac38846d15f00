import { expect, type Locator, type Page } from "@playwright/test";

/** Page object of the dashboard. */
export class Dashboard {
  readonly page: Page;
  readonly list: Locator;
  readonly detail: Locator;
  readonly search: Locator;
  readonly area: Locator;

  constructor(page: Page) {
    this.page = page;
    this.list = page.getByRole("table", { name: "Transformers, ranked" });
    this.detail = page.locator("#detail");
    this.search = page.getByPlaceholder("Box, station, street or town");
    this.area = page.getByRole("combobox", { name: "Area" });
  }

  /** Opens an address and waits until the page is interactive. */
  async open(address = "/"): Promise<void> {
    await this.page.goto(address);
    await this.ready();
  }

  /** Waits for hydration, which makes one row reachable by the Tab key, also where the list has no room beside a box. */
  async ready(): Promise<void> {
    const list = this.page.getByRole("table", { name: "Transformers, ranked", includeHidden: true });
    await expect(list.locator("a[tabindex='0']")).toHaveCount(1);
  }

  /** The boxes in the list, from the top. */
  boxes(): Locator {
    return this.list.getByRole("rowheader").getByRole("link");
  }

  /** The rows of transformers in the document. */
  rows(): Locator {
    return this.list.locator("tbody tr:has(th)");
  }

  /** The cells of a column in document order, as text, even where there is no room to show it. */
  async column(name: string): Promise<string[]> {
    const heads = await this.list.locator("thead th").allTextContents();
    const place = heads.findIndex((head) => head.trim() === name);
    if (place < 0) throw new Error(`no column ${name} among ${heads.join(", ")}`);
    // All rows at one moment: some may vanish between two. What is not shown is none of a cell.
    return this.rows().evaluateAll(
      (rows, place) => rows.map((row) => (row.querySelectorAll<HTMLElement>("td, th")[place]?.innerText ?? "").trim()),
      place,
    );
  }

  /** Sorts by a column by clicking its header. */
  async sortBy(name: string): Promise<void> {
    await this.list.getByRole("columnheader", { name }).getByRole("link").click();
  }

  /** The identifier of the box that is shown, beside its title. */
  boxId(): Locator {
    return this.detail.locator(".box-id");
  }

  tab(name: string): Locator {
    return this.detail.getByRole("tab", { name });
  }

  /** The chart of the visible tab. */
  chart(): Locator {
    return this.detail.locator(".chart-canvas");
  }

  /** The table of the chart's values. */
  table(): Locator {
    return this.detail.getByRole("region", { name: "Data table" }).getByRole("table");
  }
}
