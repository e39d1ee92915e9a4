// Any origin, without credentials.
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
  await browser.close();
});
