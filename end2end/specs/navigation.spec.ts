// Going around: the navigation, the keys, the filter, Back.
import { expect, test } from "../harness/test.ts";

const PLACES = ["Overview", "Services", "Ledger", "Registries"];

test("every entry of the navigation leads somewhere, without loading the page anew", async ({ page, open }) => {
  await open("/");
  const navigation = page.getByRole("navigation", { name: "Main", exact: true });
  let loads = 0;
  page.on("domcontentloaded", () => loads++);
  for (const place of PLACES.slice(1).concat("Overview")) {
    await navigation.getByRole("link", { name: place }).click();
    await expect(navigation.getByRole("link", { name: place })).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
  }
  // The mark leads home too; what is not built yet has no entry.
  await expect(navigation.getByRole("link")).toHaveCount(PLACES.length + 1);
  expect(loads).toBe(0);
});

test("a filter lives in the URL and survives Back", async ({ page, fleet, open }) => {
  const { name } = (await fleet.services())[0]!;
  await open("/services");
  const main = page.getByRole("main");
  await main.getByLabel("Filter services").fill(name);
  await expect(page).toHaveURL(new RegExp(`[?&]q=${name}`));
  const filtered = page.url();
  await main.getByRole("link", { name, exact: true }).first().click();
  await expect(page).toHaveURL(/\/services\/[^/]+~[0-9a-f]{16}/);
  await page.goBack();
  await expect(page).toHaveURL(filtered);
  await expect(main.getByLabel("Filter services")).toHaveValue(name);
  await expect(main.getByRole("link", { name, exact: true }).first()).toBeVisible();
});

test("/ opens the search, which finds a service and goes there", async ({ page, fleet, open }) => {
  const { name } = (await fleet.services())[0]!;
  await open("/");
  await page.keyboard.press("/");
  const search = page.getByRole("dialog");
  await expect(search.getByRole("combobox").or(search.getByRole("searchbox")).or(search.getByRole("textbox")).first()).toBeFocused();
  await page.keyboard.type(name);
  await expect(search.getByText(name).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/services\//);
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toHaveText(name);
});

test("? shows the keys, Escape closes them and gives the focus back", async ({ page, open }) => {
  await open("/");
  const link = page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: "Services" });
  await link.focus();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await expect(link).toBeFocused();
});

test("j and k move in the table of services, Enter opens the row", async ({ page, open }) => {
  await open("/services");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/services\/.+~/);
});

test("the first stop of Tab skips to the content", async ({ page, open }) => {
  await open("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("language and theme are one press away and are remembered", async ({ page, open }) => {
  await open("/");
  await page.getByRole("button", { name: /Switch between day and night/ }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.getByRole("button", { name: /切换到中文/ }).click();
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toHaveText("全局概览");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(page.locator("html")).toHaveAttribute("lang", /^zh/);
});

test("an address that leads nowhere says so, with the status 404", async ({ browser, fleet }) => {
  // A page of its own: the browser logs the status as an error, which here is none.
  const page = await browser.newPage({ baseURL: fleet.url });
  const answer = await page.goto("/no-such-page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
  await page.close();
});
