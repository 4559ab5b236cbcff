// Pictures of every page, dark and light, wide and narrow, to be looked at.
import { join } from "node:path";
import { PAGES, THEMES } from "../pages.ts";
import { eventually, test } from "../harness/test.ts";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const folder = process.env.PILOTHOUSE_SCREENSHOTS ?? "../target/screenshots";

test.use({ fleetName: "screenshots" });

// A picture of a fleet in which nothing happens shows half of every page.
test.beforeAll(async ({ fleet }) => {
  test.setTimeout(180_000);
  const rows = await fleet.services();
  const service = await fleet.busiest();
  const others = rows.filter((row) => row.total > 3 && row.name !== service.name);
  const [dead] = await fleet.instances(service);
  await fleet.control("kill-host", { host: dead!.instance.host });
  await fleet.control("deploy", { service: others[0]!.name, version: "9.1.0" });
  await fleet.control("drain", { service: others[1]!.name });
  await fleet.control("flap", { service: others[2]!.name });
  await eventually("the dead are gone, and something flaps", 120_000, async () => {
    const states = new Set((await fleet.services()).map((row) => row.liveness));
    return states.has("removed") && (states.has("unhealthy") || states.has("late"));
  });
});

for (const theme of THEMES) {
  for (const size of SIZES) {
    test.describe(`${theme}, ${size.width}`, () => {
      test.use({ theme, viewport: size });

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
