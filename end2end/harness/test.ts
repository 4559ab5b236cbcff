// The `test` that every spec uses: a fleet for the worker, preferences for the page, and a page that tolerates no error.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect, test as base } from "@playwright/test";
import type { Language, Theme } from "../pages.ts";
import { Fleet } from "./fleet.ts";

export { expect };
export { eventually } from "./program.ts";

interface Options {
  /** A spec that breaks its fleet names one of its own; all others share one. */
  fleetName: string;
  /** Language and theme, as the cookie holds them. */
  language: Language;
  theme: Theme;
}

interface Fixtures {
  /** Opens a path of the console; resolves when the page is live. */
  open: (path: string) => Promise<void>;
}

export const test = base.extend<Fixtures & Pick<Options, "language" | "theme">, { fleet: Fleet } & Pick<Options, "fleetName">>({
  fleetName: ["shared", { option: true, scope: "worker" }],
  language: ["en", { option: true }],
  theme: ["dark", { option: true }],

  fleet: [
    async ({ fleetName }, use) => {
      // Quiet: nothing happens in it but what a test asks for.
      const fleet = await Fleet.start(fleetName, ["--demo-quiet"]);
      await use(fleet);
      await fleet.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  baseURL: async ({ fleet }, use) => use(fleet.url),

  page: async ({ page, fleet, language, theme }, use) => {
    const faults: string[] = [];
    await watched(page, fleet.url, language, theme, faults);
    await use(page);
    expect(faults, "the page reported errors or asked somebody else").toEqual([]);
  },

  open: async ({ page }, use) => use((path) => open(page, path)),
});

/** Gives a page its preferences, and notes what goes wrong on it: errors, and requests to anybody but the console. */
export async function watched(page: Page, url: string, language: Language, theme: Theme, faults: string[]): Promise<void> {
  await page.context().addCookies([{ name: "pilothouse-preferences", value: `${language}.${theme}.utc.dense`, url }]);
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) faults.push(`third party: ${request.url()}`);
  });
}

/** Opens a path and waits until its live stream has begun, which is the last thing hydration does. */
export async function open(page: Page, path: string): Promise<void> {
  const stream = page.waitForResponse((response) => response.url().includes("/api/v1/stream") && response.ok());
  const answer = await page.goto(path);
  expect(answer?.status(), path).toBe(200);
  await stream;
}

/** What axe finds on the page, in words. WCAG 2.0 to 2.2, A and AA, and its best practices. */
export async function findings(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`));
}
