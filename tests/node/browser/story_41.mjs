// Another origin with credentials: the page of the allow-list is in, a third one is not.
import assert from "node:assert/strict";
import { emptyPages, launch, visit } from "../lib/browser.mjs";
import { base, story, transport, transports } from "../lib/story.mjs";

await story(async () => {
  const pages = await emptyPages();
  const browser = await launch({ "localhost:5173": pages, "third.test:80": pages });
  // By name: cookies belong to a host, whatever its port.
  const server = base.replace("127.0.0.1", "localhost");
  const options = { server, transports: transports[transport], withCredentials: true, event: "who" };

  const page = await browser.newPage();
  await page.goto("http://localhost:5173/");
  const before = await page.evaluate(visit, options);
  assert.equal(before.failure, "Authentication Error");
  const login = await page.evaluate(async (server) => {
    const response = await fetch(`${server}/login`, { method: "POST", credentials: "include" });
    return response.json();
  }, server);
  assert.deepEqual(login, { message: "Login Success" });
  const visited = await page.evaluate(visit, options);
  assert.deepEqual(visited, { answer: "ada", transport: transport === "polling" ? "polling" : "websocket" });

  const third = await (await browser.newContext()).newPage();
  await third.goto("http://third.test/");
  const { failure } = await third.evaluate(visit, options);
  // Refused at the handshake, on every transport; a page is not told why.
  assert.equal(failure, transport === "websocket" ? "websocket error" : "xhr poll error");
  await browser.close();
});
