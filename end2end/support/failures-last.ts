import type { Reporter, Suite, TestCase } from "@playwright/test/reporter";

/** Number of lines repeated per failure. */
const LINES = 12;

/** Repeats the first lines of each failure at the end of the output, which may be all that is kept. */
export default class FailuresLast implements Reporter {
  #tests: TestCase[] = [];

  onBegin(_config: unknown, suite: Suite): void {
    this.#tests = suite.allTests();
  }

  onEnd(): void {
    for (const test of this.#tests.filter((test) => test.outcome() === "unexpected")) {
      console.log(`\nFAILED ${test.titlePath().filter(Boolean).join(" › ")}`);
      for (const error of test.results.flatMap((result) => result.errors)) {
        const said = (error.message ?? error.value ?? "").replace(/\u001b\[\d+m/g, "");
        console.log(said.split("\n").slice(0, LINES).join("\n"));
      }
    }
  }
}
