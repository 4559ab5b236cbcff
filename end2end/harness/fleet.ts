// A console of its own with two embedded registries and a simulated fleet, on free ports, in a folder that goes away.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, eventually, fromEnvironment } from "./program.ts";

/** A console finds what registers after its first look within a minute, and a test machine may be busy. */
const START_MS = 100_000;

export interface Registry {
  id: string;
  url: string;
  pid: number;
}

interface Ports {
  console: string;
  registries: Registry[];
  demo: { control: string; pid: number };
}

/** The parts of the API's answers that tests read. */
export interface ServiceRow {
  id: string;
  registry: string;
  namespace: string;
  group: string;
  name: string;
  liveness: string;
  total: number;
  healthy?: number;
}

export interface InstanceRow {
  id: string;
  liveness: string;
  gone?: number;
  instance: { host: string; port: number; weight: number; enabled: boolean; metadata: Record<string, string> };
}

interface Overview {
  totals: { registries: number; live: number; instances: number };
}

export class Fleet {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    private readonly ports: Ports,
  ) {}

  /** Starts one; resolves when every registry is live and the fleet has registered. */
  static async start(name: string, flags: string[] = []): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), "pilothouse-e2e-"));
    const file = join(folder, "ports.json");
    const serve = ["serve", "--demo", "--port", "0", "--data-dir", join(folder, "data"), "--ports-file", file];
    const program = await Program.start(name, folder, [...serve, "--site-dir", fromEnvironment("PILOTHOUSE_SITE"), ...flags]);
    try {
      await eventually("the server writes its addresses", START_MS, () => {
        program.check();
        return existsSync(file);
      });
      const fleet = new Fleet(program, folder, JSON.parse(await readFile(file, "utf8")) as Ports);
      await eventually("every registry is live and full", START_MS, () => fleet.settled()).catch(async (error: Error) => {
        throw new Error(`${error.message}: ${JSON.stringify((await fleet.overview())?.totals)}`);
      });
      return fleet;
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  /** Where the pages are. */
  get url(): string {
    return this.ports.console;
  }

  get registries(): Registry[] {
    return this.ports.registries;
  }

  /** Asks the console's own API. */
  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Makes something happen in the fleet: `kill-host`, `deploy`, `drain`… */
  async control(what: string, body: Record<string, unknown> = {}): Promise<void> {
    const response = await fetch(`${this.ports.demo.control}/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
  }

  async services(): Promise<ServiceRow[]> {
    return (await this.get<{ rows: ServiceRow[] }>("/api/v1/services?limit=1000")).rows;
  }

  /** The service with the most instances. */
  async busiest(): Promise<ServiceRow> {
    return (await this.services()).reduce((best, row) => (row.total > best.total ? row : best));
  }

  /** The path of its page. */
  async busiestService(): Promise<string> {
    return this.pathOf(await this.busiest());
  }

  async instances(service: ServiceRow): Promise<InstanceRow[]> {
    return (await this.get<{ instances: InstanceRow[] }>(`/api/v1/services/${service.id}`)).instances;
  }

  /** The slug is for people; the console finds a service by the id after the tilde. */
  pathOf(row: ServiceRow): string {
    return `/services/s~${row.id}`;
  }

  /** Ends everything and removes its folder. */
  async stop(): Promise<void> {
    await this.program.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Undefined while the console does not serve yet. */
  private async overview(): Promise<Overview | undefined> {
    return this.get<Overview>("/api/v1/overview").catch(() => undefined);
  }

  private async settled(): Promise<boolean> {
    const overview = await this.overview();
    return overview !== undefined && overview.totals.live === 2 && overview.totals.instances >= 250;
  }
}
