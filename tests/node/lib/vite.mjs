// The page's development server, as `npm run dev` starts it, on a free port.

import { spawn } from "node:child_process";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { until } from "./story.mjs";

const web = fileURLToPath(new URL("../../../examples/chat-jwt/web/", import.meta.url));

/** Resolves with `host:port`. The server ends with this process. */
export async function developmentServer() {
  const port = await freePort();
  const vite = ["node_modules/vite/bin/vite.js", "--host", "127.0.0.1", "--port", String(port)];
  const child = spawn(process.execPath, vite, { cwd: web, stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => child.kill());
  let printed = "";
  child.stdout.on("data", (text) => (printed += text));
  await until(() => printed.includes(String(port)), "vite listens");
  return `127.0.0.1:${port}`;
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
