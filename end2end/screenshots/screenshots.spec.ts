// Pictures of every page, dark and light, wide and narrow, to be looked at.
import { join } from "node:path";
import { PAGES, THEMES } from "../pages.ts";
import { test } from "../harness/test.ts";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const folder = process.env.PILOTHOUSE_SCREENSHOTS ?? "../target/screenshots";

for (const theme of THEMES) {
  for (const size of SIZES) {
    test.describe(`${theme}, ${size.width}`, () => {
      test.use({ theme, fleetName: "screenshots", viewport: size });

      for (const page_ of PAGES) {
        test(page_.name, async ({ page, fleet, open }) => {
          await open(await page_.path(fleet));
          await page.evaluate(() => document.fonts.ready);
          await page.screenshot({ path: join(folder, `${page_.name}-${theme}-${size.width}.png`), fullPage: size.width < 1000 });
        });
      }

      test("overview in Chinese", async ({ page, fleet, open }) => {
        await page.context().addCookies([{ name: "pilothouse-preferences", value: `zh.${theme}.utc.dense`, url: fleet.url }]);
        await open("/");
        await page.screenshot({ path: join(folder, `overview-zh-${theme}-${size.width}.png`), fullPage: size.width < 1000 });
      });
    });
  }
}
