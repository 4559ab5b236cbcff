// A real Consul that stops answering or dies under the console, and three of which one may.
import { type Registry, STALE_MS, Server, type Shown, expect, instanceRow, test } from "../harness/real.ts";

const ORDERS = { Name: "orders", ID: "orders-1", Address: "10.0.0.1", Port: 8080 };

/** The page of `orders`, well, which an agent holds, on a console over all of these servers. */
async function ordersOf(show: (registry: Registry) => Promise<Shown>, servers: Server[], agent: Server) {
  await agent.ask("PUT", "/v1/agent/service/register", ORDERS);
  const { page, open, serviceCalled } = await show({ id: "consul-real", kind: "consul", servers });
  await open(await serviceCalled("orders"));
  const row = instanceRow(page, "10.0.0.1:8080");
  await expect(row).toContainText("Up");
  return { page, row };
}

test("stopped, it is stale within its bound with the last good view; let go, it is live by itself", async ({ show, ends }) => {
  const consul = await Server.consul();
  ends.push(consul);
  const { page, row } = await ordersOf(show, [consul], consul);

  consul.signal("SIGSTOP");
  await expect(row).toContainText("Unknown", { timeout: STALE_MS });
  await expect(page.getByRole("main")).toContainText("We lost the registry");

  consul.signal("SIGCONT");
  await expect(row).toContainText("Up", { timeout: 40_000 });
});

test("killed, it is stale within its bound with the last good view; started again, it is live by itself", async ({ show, ends }) => {
  const consul = await Server.consul();
  ends.push(consul);
  const { row } = await ordersOf(show, [consul], consul);

  await consul.kill();
  await expect(row).toContainText("Unknown", { timeout: STALE_MS });

  // It kept nothing, being in memory: the service registers anew, as a live one does.
  await consul.run();
  await consul.ask("PUT", "/v1/agent/service/register", ORDERS);
  await expect(row).toContainText(/Up|Returned/, { timeout: 60_000 });
});

test("of three, the leader dies and the page does not notice", async ({ show, ends }) => {
  const servers = await Server.threeConsuls();
  ends.push(...servers);
  const leads = await Promise.all(servers.map(async (server) => (await server.ask("GET", "/v1/agent/self")).includes('"leader":"true"')));
  const [first, ...others] = [servers[leads.indexOf(true)]!, ...servers.filter((_, n) => !leads[n])];
  expect(leads.filter(Boolean)).toHaveLength(1);
  // An instance lives with the agent it was registered with: one of those that stay.
  const { page } = await ordersOf(show, [first!, ...others], others[0]!);
  // Whatever the page says from now on, however short.
  await page.evaluate(() => {
    const said = new Set<string>();
    const note = () => document.querySelectorAll("[data-status]").forEach((chip) => said.add(chip.getAttribute("data-status")!));
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    Object.assign(window, { said });
    note();
  });

  await first!.kill();
  // A change behind the new leader arrives, and longer than the bound nothing was stale.
  await page.waitForTimeout(STALE_MS);
  await others[0]!.ask("PUT", "/v1/agent/service/register", { ...ORDERS, ID: "orders-2", Address: "10.0.0.2" });
  await expect(instanceRow(page, "10.0.0.2:8080")).toContainText("Up", { timeout: 10_000 });
  const said = await page.evaluate(() => [...(window as unknown as { said: Set<string> }).said]);
  expect(said).not.toContain("unknown");
});
