import type { Locator, Page } from "@playwright/test";

import { Api, type Box } from "../support/api.ts";
import { kept, takePicture, taking } from "../support/pictures.ts";
import { expect, test } from "../support/test.ts";

/** A picture of the handbook: window size, address, what must be visible first, and what it shows. */
type Picture = {
  size?: [number, number];
  /** The rest of the address for the chosen box. */
  at: (boxes: Boxes) => string;
  ready?: (page: Page) => Promise<void>;
  shows?: (page: Page) => Locator;
};

/** The boxes shown in pictures. */
type Boxes = { urgent: string; switched: string };

const WIDE: [number, number] = [1440, 960];
const TALL: [number, number] = [1280, 1250];
const NARROW: [number, number] = [390, 780];

const detail = (part: string) => (page: Page) => page.locator(`#detail ${part}`);
const sees = (part: string) => async (page: Page) => expect(page.locator(part).first()).toBeVisible();
const urgent = ({ urgent }: Boxes) => `/?box=${urgent}`;
const switched = ({ switched }: Boxes) => `/?box=${switched}`;
const drawn = sees("#detail canvas");

// Adjacent pictures share a view, so the page is opened only when the address changes.
const PICTURES: Record<string, Picture> = {
  list: { at: () => "/?", ready: sees("#detail table.areas a") },
  filters: {
    size: [900, 700],
    at: () => "/?urgency=overload&sort=peak-loading&dir=desc",
    ready: sees("#list .chip[href*='urgency=overload'][aria-current='true']"),
    shows: (page) => page.locator("#list"),
  },
  detail: { at: urgent, ready: drawn },
  outlook: { size: TALL, at: urgent, shows: detail(".detail-heading") },
  forecast: {
    size: TALL,
    at: urgent,
    ready: async (page) => {
      await drawn(page);
      await expect(page.locator("#detail .legend button").first()).toBeVisible();
    },
    shows: detail(".tab-panel"),
  },
  "data-quality": {
    size: TALL,
    at: ({ urgent }) => `/?box=${urgent}&tab=data`,
    ready: sees("#detail .completeness"),
    shows: detail(".tab-panel"),
  },
  "data-table": {
    size: WIDE,
    at: urgent,
    ready: async (page) => {
      await page.locator("#detail .data-table summary").click();
      await sees("#detail .data-table tbody tr")(page);
    },
    shows: detail(".data-table"),
  },
  why: {
    size: TALL,
    at: ({ urgent }) => `/?box=${urgent}&tab=why`,
    ready: async (page) => {
      await drawn(page);
      await expect(page.locator("#tab-why")).toHaveAttribute("aria-selected", "true");
    },
    shows: detail(".tab-panel"),
  },
  notes: {
    at: switched,
    ready: async (page) => {
      await sees("#detail .part[data-live] .note-line")(page);
      await page.locator("#detail .note-line").evaluate((line) => line.setAttribute("open", ""));
      await sees("#detail .flags li")(page);
    },
    shows: detail(".flags"),
  },
  weeks: {
    at: switched,
    ready: async (page) => expect(page.locator("#detail .special-weeks button").first()).toBeEnabled(),
    shows: detail(".special-weeks"),
  },
  "narrow-list": {
    size: NARROW,
    at: () => "/?",
    ready: async (page) => expect(page.locator("#detail")).toBeHidden(),
  },
  "narrow-detail": { size: NARROW, at: urgent, ready: sees("#detail .back-link") },
  "model-card": {
    at: () => "/model?",
    ready: sees("main .score-frame"),
    shows: (page) => page.locator("main section").nth(2),
  },
};

/** The most urgent box, and one with a switching to decide on. */
async function find(api: Api): Promise<Boxes> {
  const hasForecast = (box: Box) => box.maximum !== null && box.minimum !== null;
  const isSwitched = ({ special_weeks: { findings, left_out } }: Box) =>
    findings.switchings.length > 0 && left_out.length > 0;
  const urgent = await api.find(hasForecast);
  const switched = await api.find((box) => hasForecast(box) && isSwitched(box));
  return { urgent: urgent.box_id, switched: switched.box_id };
}

// Pictures set their own window sizes, so one project suffices.
test.beforeEach(({}, { project }) => test.skip(project.name !== "desktop", "looked at once"));
test.slow();

for (const language of ["en", "nl"]) {
  test(`every picture of the handbook finds its subject, ${language}`, async ({ page, request, dashboard }) => {
    const boxes = await find(new Api(request, dashboard));
    let shown = "";
    for (const [name, { size = WIDE, at, ready, shows }] of Object.entries(PICTURES)) {
      await test.step(name, async () => {
        await page.setViewportSize({ width: size[0], height: size[1] });
        const address = `${at(boxes)}&lang=${language}&theme=light`;
        if (address !== shown) await page.goto(address);
        shown = address;
        await ready?.(page);
        const subject = shows?.(page);
        if (subject) await expect(subject).toBeVisible();
        // What the server made may give way to what the page makes while it is looked at.
        if (taking) await expect(() => takePicture(subject ?? page, language, name)).toPass({ timeout: 20_000 });
      });
    }
    // Pictures that no page shows are found by the check of the handbook.
    expect(kept(language)).toEqual(Object.keys(PICTURES).sort());
  });
}
