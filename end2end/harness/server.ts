// Real Nacos and Consul servers: started on free ports of loopback in folders of their own, killed and started again by tests.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, fromEnvironment } from "./program.ts";

/** A JVM on a busy machine; six seconds on an idle one. */
const START_MS = 120_000;
/** The ports that Nacos takes by itself, relative to its HTTP port. */
const NACOS_NEIGHBOURS = [1000, 1001, -1000];

interface Start {
  program: string;
  arguments: string[];
  folder: string;
  environment: Record<string, string>;
}

export class Server {
  private process: ChildProcess | undefined;

  private constructor(
    /** Where its HTTP API is. */
    readonly url: string,
    private readonly home: string,
    private readonly readyPath: string,
    private readonly start: Start,
  ) {}

  /** Nacos 2.3, standalone. */
  static async nacos(): Promise<Server> {
    const [port] = await freePorts(1, NACOS_NEIGHBOURS);
    const home = await mkdtemp(join(tmpdir(), "pilothouse-nacos-"));
    const url = `http://127.0.0.1:${port}/nacos`;
    const environment = { PORT: String(port), HOME_DIR: join(home, "home") };
    const start = { program: "bash", arguments: ["start.sh"], folder: fromEnvironment("PILOTHOUSE_NACOS_DIR"), environment };
    return new Server(url, home, "/v1/ns/service/list?pageNo=1&pageSize=1", start).run();
  }

  /** A Consul agent in memory. */
  static async consul(): Promise<Server> {
    const [ports] = await consulPorts(1);
    return (await Server.consulAgent(["-dev", "-node", "dev1"], "", ports!)).run();
  }

  /** Three Consul servers that elect a leader. */
  static async threeConsuls(): Promise<Server[]> {
    const ports = await consulPorts(3);
    const joins = ports.map(({ serf }) => `"127.0.0.1:${serf}",`).join("");
    const settings = `retry_join = [${joins}] retry_interval = "1s" performance { raft_multiplier = 1 }`;
    const servers = await Promise.all(
      ports.map((own, n) => Server.consulAgent(["-server", "-bootstrap-expect", "3", "-node", `s${n}`], settings, own)),
    );
    return Promise.all(servers.map((server) => server.run()));
  }

  /** Asks its API; an object is sent as JSON. Fails when it refuses. */
  async ask(method: string, path: string, body?: object): Promise<string> {
    const response = await fetch(`${this.url}${path}`, { method, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  }

  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    this.process?.kill(signal);
  }

  /** Ends it at once, as a machine that lost its power. */
  async kill(): Promise<void> {
    const process = this.process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await ended;
  }

  /** Starts it, also again, on the same ports with what it kept on disk; resolves when it answers. */
  async run(): Promise<this> {
    const { program, arguments: all, folder, environment } = this.start;
    this.process = spawn(program, all, { cwd: folder, env: { ...process.env, ...environment }, stdio: "ignore" });
    await eventually(`${this.url} answers`, START_MS, async () => {
      if (this.process!.exitCode !== null) throw new Error(`${program} ended with ${this.process!.exitCode}`);
      const answer = await fetch(`${this.url}${this.readyPath}`).catch(() => undefined);
      return answer?.ok === true && (await answer.text()).length > 4;
    });
    return this;
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.home, { recursive: true, force: true });
  }

  private static async consulAgent(more: string[], settings: string, { http, serf, rpc }: ConsulPorts): Promise<Server> {
    const home = await mkdtemp(join(tmpdir(), "pilothouse-consul-"));
    const off = ["-dns-port", "-grpc-port", "-grpc-tls-port", "-serf-wan-port"].flatMap((name) => [name, "-1"]);
    const own = ["-http-port", http, "-serf-lan-port", serf, "-server-port", rpc].map(String);
    const data = more.includes("-dev") ? [] : ["-data-dir", home];
    const hcl = `disable_update_check = true connect { enabled = false } ${settings}`;
    const fixed = ["agent", "-bind", "127.0.0.1", "-client", "127.0.0.1", "-disable-host-node-id"];
    const start = {
      program: fromEnvironment("PILOTHOUSE_CONSUL"),
      arguments: [...fixed, ...more, ...own, ...off, ...data, "-hcl", hcl],
      folder: home,
      environment: {},
    };
    return new Server(`http://127.0.0.1:${http}`, home, "/v1/status/leader", start);
  }
}

interface ConsulPorts {
  http: number;
  serf: number;
  rpc: number;
}

async function consulPorts(agents: number): Promise<ConsulPorts[]> {
  const ports = await freePorts(3 * agents);
  return Array.from({ length: agents }, (_, n) => ({ http: ports[3 * n]!, serf: ports[3 * n + 1]!, rpc: ports[3 * n + 2]! }));
}

/** Free ports whose neighbours are free too. All are held until the last is found, so that they differ. */
async function freePorts(count: number, neighbours: number[] = []): Promise<number[]> {
  const held: (() => Promise<void>)[] = [];
  const found: number[] = [];
  try {
    for (let tries = 0; found.length < count; tries++) {
      if (tries > 100) throw new Error("no free port whose neighbours are free");
      const first = await hold(0);
      held.push(first.release);
      const beside = await Promise.all(neighbours.map((n) => hold(first.port + n).catch(() => undefined)));
      held.push(...beside.flatMap((one) => (one ? [one.release] : [])));
      if (beside.every(Boolean)) found.push(first.port);
    }
  } finally {
    await Promise.all(held.map((release) => release()));
  }
  return found;
}

async function hold(port: number): Promise<{ port: number; release: () => Promise<void> }> {
  const listener = createServer();
  await new Promise<void>((resolve, reject) => listener.once("error", reject).listen(port, "127.0.0.1", resolve));
  const release = () => new Promise<void>((resolve) => listener.close(() => resolve()));
  return { port: (listener.address() as AddressInfo).port, release };
}
