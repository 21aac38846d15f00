import { defineConfig } from "@playwright/test";

import { artefacts, chromium } from "./support/places.ts";

/** Disables the browser's background traffic: tests must run on closed networks. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "tests",
  outputDir: `${artefacts}/browser`,
  globalSetup: "./support/prepare.ts",
  reporter: [
    ["list"],
    ["html", { open: "never", outputFolder: `${artefacts}/browser-report` }],
    ["./support/failures-last.ts"],
  ],
  fullyParallel: true,
  workers: 2,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env["CI"],
  use: {
    launchOptions: { executablePath: chromium, args: flags },
    locale: "en-GB",
    timezoneId: "Europe/Amsterdam",
    colorScheme: "light",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    {
      name: "tablet",
      // What doesn't differ by the device is tried once: what the server answers, who may enter, and colours.
      testIgnore: /(attacks|crossing-zero|identity|link|model-card|real-data|without-script)\.spec\.ts/,
      grepInvert: /@once/,
      use: { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    },
  ],
});
