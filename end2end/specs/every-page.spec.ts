// What holds for every page, in both themes and both languages.
import { LANGUAGES, PAGES, THEMES } from "../pages.ts";
import { expect, findings, test } from "../harness/test.ts";

for (const page_ of PAGES) {
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      test.describe(`${page_.name}, ${language}, ${theme}`, () => {
        test.use({ language, theme });

        test("opens, becomes live, and axe finds nothing", async ({ page, fleet, open }) => {
          await open(await page_.path(fleet));
          await expect(page.locator("html")).toHaveAttribute("lang", language === "zh" ? /^zh/ : "en");
          await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
          await expect(page.getByRole("heading", { level: 1 })).toHaveText(page_.heading[language]);
          expect(await findings(page)).toEqual([]);
        });
      });
    }
  }

  test(`${page_.name} is readable without JavaScript`, async ({ browser, fleet }) => {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: fleet.url });
    const page = await context.newPage();
    await page.goto(await page_.path(fleet));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(page_.heading.en);
    // Data, not a skeleton: every page names something that only a registry knows.
    await expect(page.getByRole("main")).toContainText(/nacos-(east|west)|Nacos (East|West)/);
    await context.close();
  });

  test(`${page_.name} fits a narrow window`, async ({ page, fleet, open }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(await page_.path(fleet));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, "pixels that stick out to the side").toBeLessThanOrEqual(0);
  });
}

test("the policy of every page allows no inline script and no third party", async ({ request }) => {
  const policy = (await request.get("/")).headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'wasm-unsafe-eval'(;|$)/);
  expect(policy).toContain("frame-ancestors 'none'");
});
