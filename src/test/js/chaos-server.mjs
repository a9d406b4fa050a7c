// What the tests of hubbub.js share: the server as a process, and waiting.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";

export const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Waits until the condition is true, and returns what it has returned. */
export async function until(what, condition, limit = 15_000) {
  const end = Date.now() + limit;
  let last;
  while (Date.now() < end) {
    if ((last = await condition())) return last;
    await sleep(25);
  }
  assert.fail(`not within ${limit} ms: ${what}`);
}

/** Starts the WAR with settings, such as `-Dhubbub.heartbeat=1500`. */
export async function startServer({ java, war }, port = "0", ...settings) {
  const process = spawn(java, [...settings, "-jar", war, "--port", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  const found = await new Promise((resolve, reject) => {
    let said = "";
    process.stdout.on("data", (bytes) => {
      said += bytes;
      const address = /Hubbub is listening at http:\/\/[^:]+:(\d+)/.exec(said);
      if (address) resolve(Number(address[1]));
    });
    process.on("exit", () => reject(new Error(said)));
  });
  return { process, port: found, url: `http://127.0.0.1:${found}/` };
}

export async function stopServer(server, signal = "SIGTERM") {
  const ended = new Promise((resolve) => server.process.once("exit", resolve));
  server.process.kill(signal);
  await ended;
}
