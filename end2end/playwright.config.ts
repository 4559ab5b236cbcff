// Four projects: `specs`, what a person sees and does; `screenshots`, pictures of every page; `bench`, what a page costs; `real`, what a
// page shows while real servers die. The verbs test, screenshots, bench and interop of `cargo xtask` start them, and say in the
// environment what to start and where to write.
import { defineConfig } from "@playwright/test";
import { join } from "node:path";

const out = process.env.PILOTHOUSE_OUT ?? "../target/end2end";

export default defineConfig({
  // A test that needs a second try is a test to repair.
  retries: 0,
  // Every worker has a server, two registries and a fleet of its own: two cores carry one of them.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 45_000,
  expect: { timeout: 10_000 },
  outputDir: join(out, "results"),
  snapshotPathTemplate: "{testDir}/{testFileName}.aria/{arg}{ext}",
  reporter: [["list"], ["json", { outputFile: join(out, "report.json") }]],
  use: {
    // No recording while it passes; all of it when it fails.
    trace: "retain-on-failure",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    launchOptions: {
      executablePath: process.env.PILOTHOUSE_CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "specs", testDir: "specs" },
    { name: "screenshots", testDir: "screenshots", timeout: 120_000 },
    { name: "bench", testDir: "bench" },
    // A JVM that starts twice, and a freshness bound that runs out.
    { name: "real", testDir: "real", timeout: 240_000 },
  ],
});
