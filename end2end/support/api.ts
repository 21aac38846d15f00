import type { APIRequestContext } from "@playwright/test";

/** Quantiles over the weeks, from 5 to 95 %. */
export type Bands = [number[], number[], number[], number[], number[]];

export type Forecast = {
  weeks: string[];
  observed_kw: (number | null)[];
  history: number;
  drift: Bands;
  yearly: Bands;
  total: Bands;
};

/** What is known of the first overload of one side, or of both. */
export type Figures = {
  probability: number;
  likeliest_first_week: string | null;
  early_first_week: string | null;
  heaviest_week: string;
};

export type Box = {
  box_id: string;
  capacity_kva: number | null;
  minimum: { forecast: Forecast; footing: { outliers: string[] } | null } | null;
  maximum: { forecast: Forecast; footing: { outliers: string[] } | null } | null;
  assessment: { ranked: { until: string; minimum: Figures; maximum: Figures; both: Figures } } | null;
  special_weeks: {
    findings: { switchings: { first: string; last: string }[] };
    decisions: { first_week: string; last_week: string; left_out: boolean }[];
    left_out: [string, string][];
  };
};

export type Row = {
  rank: number;
  box_id: string;
  area: string;
  urgency: string;
  peak_loading: number | null;
  overload_probability: number | null;
  exceedance: { weeks: number } | null;
};

/** The dashboard's API, called without a browser. */
export class Api {
  readonly #request: APIRequestContext;
  readonly #base: string;

  constructor(request: APIRequestContext, base: string) {
    this.#request = request;
    this.#base = base;
  }

  async #get<Answer>(path: string, query: Record<string, string | number>): Promise<Answer> {
    const answer = await this.#request.get(`${this.#base}/api/${path}`, { params: query });
    if (!answer.ok()) throw new Error(`${answer.url()}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  /** All boxes, most urgent first. */
  async boxes(): Promise<Row[]> {
    const rows: Row[] = [];
    for (;;) {
      const query = { "query[offset]": rows.length, "query[limit]": 100 };
      const page = await this.#get<{ rows: Row[]; total: number }>("ranking", query);
      rows.push(...page.rows);
      if (rows.length >= page.total || page.rows.length === 0) return rows;
    }
  }

  box(id: string): Promise<Box> {
    return this.#get("box", { box_id: id });
  }

  /** The first box in the order of urgency that satisfies a condition. */
  async find(holds: (box: Box) => boolean): Promise<Box> {
    for (const { box_id } of await this.boxes()) {
      const box = await this.box(box_id);
      if (holds(box)) return box;
    }
    throw new Error("no box is like that");
  }
}
