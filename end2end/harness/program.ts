// One process of the product: started with its output in a file, stopped with SIGTERM.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const STOP_MS = 10_000;

export class Program {
  private constructor(
    private readonly name: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts `pilothouse` with these arguments in a folder. `name` is that of its log. */
  static async start(name: string, folder: string, arguments_: string[]): Promise<Program> {
    const logs = join(fromEnvironment("PILOTHOUSE_OUT"), "logs");
    await mkdir(logs, { recursive: true });
    const child = spawn(fromEnvironment("PILOTHOUSE_BIN"), arguments_, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(join(logs, `${name}.log`));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    return new Program(name, child);
  }

  /** Fails once it has ended. */
  check(): void {
    if (this.process.exitCode !== null) throw new Error(`${this.name} ended with ${this.process.exitCode}; see its log`);
  }

  /** Ends it; kills it when it does not end by itself. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    const killer = setTimeout(() => this.process.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(killer);
  }
}

/** Polls until `check` holds. */
export async function eventually(what: string, limitMs: number, check: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await check()); await pause(50)) {
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
  }
}

/** What `cargo xtask` says in the environment. */
export function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this with cargo xtask`);
  return value;
}
