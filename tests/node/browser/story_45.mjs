// A server on a port of its own, whose answers a page of any origin may read.
import assert from "node:assert/strict";
import { emptyPages, launch, visit } from "../lib/browser.mjs";
import { base, story, transport, transports } from "../lib/story.mjs";

await story(async () => {
  const browser = await launch({ "anywhere.test:80": await emptyPages() });
  const page = await browser.newPage();
  await page.goto("http://anywhere.test/");
  const options = { server: base, transports: transports[transport], withCredentials: false, event: "who" };
  const visited = await page.evaluate(visit, options);
  assert.deepEqual(visited, { answer: "anybody", transport: transport === "polling" ? "polling" : "websocket" });

  // The page may read the status, so the layer is around what is not found too.
  const statuses = (paths) => Promise.all(paths.map((path) => fetch(path).then(({ status }) => status)));
  const paths = ["/", "/socket.io", "/elsewhere"].map((path) => base + path);
  assert.deepEqual(await page.evaluate(statuses, paths), [404, 404, 404]);
  await browser.close();
});
