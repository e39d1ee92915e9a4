// A real browser, and pages for it at whatever origin a test needs.

import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const client = readFileSync(new URL("../node_modules/socket.io-client/dist/socket.io.min.js", import.meta.url));

/**
 * Starts Chromium. `hosts` maps `host:port` as a page sees it to `host:port` where something really listens, so that
 * a test can have any origin without taking its port.
 */
export function launch(hosts = {}) {
  return chromium.launch(browserAt(hosts));
}

/**
 * The same with one context, which is what it resolves with: a profile whose owner lets pages of one site use the
 * cookies of another. Contexts of `launch` are private windows, where that is blocked. Closing it closes the browser.
 */
export async function launchWithForeignCookies(hosts = {}, options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "profile-"));
  process.on("exit", () => rmSync(profile, { recursive: true, force: true }));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  return chromium.launchPersistentContext(profile, { ...browserAt(hosts), ...options });
}

function browserAt(hosts) {
  const rules = Object.entries(hosts).map(([seen, real]) => `MAP ${seen} ${real}`);
  return {
    executablePath: executable(),
    args: ["--no-sandbox", `--host-resolver-rules=${rules.join(",")}`],
  };
}

function executable() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error(`none of ${names.join(", ")} is installed`);
  return found;
}

/** Serves an empty page with the stock client in it, at every path; resolves with `host:port`. */
export function emptyPages() {
  const page = '<!doctype html><html lang="en"><title>test</title><script src="/client.js"></script></html>';
  const server = http.createServer((request, response) => {
    const script = request.url === "/client.js";
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(script ? client : page);
  });
  server.unref();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${server.address().port}`));
  });
}

/** Inside a page: connects, asks once, and says how it went. Handed to `page.evaluate`. */
export async function visit({ server, transports, withCredentials, event }) {
  const socket = globalThis.io(server, { transports, withCredentials, forceNew: true, reconnection: false });
  const failure = await new Promise((resolve) => {
    socket.once("connect", () => resolve(null));
    socket.once("connect_error", (error) => resolve(error.message));
  });
  if (failure !== null) return { failure };
  const { engine } = socket.io;
  if (transports.length > 1 && engine.transport.name !== "websocket") {
    await new Promise((resolve) => engine.once("upgrade", resolve));
  }
  const answer = await socket.timeout(5000).emitWithAck(event);
  const { name } = engine.transport;
  socket.disconnect();
  return { answer, transport: name };
}
