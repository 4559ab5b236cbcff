// Without JavaScript: data in the first byte, links that lead, a filter that filters.
import { expect, test } from "../harness/test.ts";

test.use({ javaScriptEnabled: false });

test("the services can be filtered and opened", async ({ page, fleet }) => {
  const { name } = (await fleet.services())[0]!;
  await page.goto("/services");
  await page.getByLabel("Filter services").fill(name);
  await page.getByLabel("Filter services").press("Enter");
  await expect(page).toHaveURL(new RegExp(`[?&]q=${name}`));
  await page.getByRole("main").getByRole("link", { name, exact: true }).first().click();
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toHaveText(name);
  // The instances are there, and nothing that needs a script pretends to work.
  await expect(page.getByRole("table").first()).toContainText(/\d+\.\d+\.\d+\.\d+:\d+/);
  await expect(page.getByRole("button", { name: /^Drain/ })).toHaveCount(0);
});

test("the first page of services leads to the next ones", async ({ page, fleet }) => {
  const rows = await fleet.services();
  await page.goto("/services");
  const links = page.getByRole("main").locator("tbody").getByRole("link");
  expect(await links.count()).toBeGreaterThanOrEqual(Math.min(rows.length, 60));
});
