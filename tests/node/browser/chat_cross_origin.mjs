// The page at http://localhost:5173, from its development server, logs in with credentials and chats on every transport.
import assert from "node:assert/strict";
import { launch } from "../lib/browser.mjs";
import { Person } from "../lib/chat.mjs";
import { base, story, until } from "../lib/story.mjs";
import { developmentServer } from "../lib/vite.mjs";

await story(async () => {
  const hosts = { "localhost:5173": await developmentServer(), "localhost:3000": new URL(base).host };
  const browser = await launch(hosts);
  const page = "http://localhost:5173/";
  const bob = await (await Person.arrive(browser, page)).enter("bob");
  await bob.join("room123");
  for (const [query, transport] of [
    ["?transport=polling", "polling"],
    ["?transport=websocket", "websocket"],
    ["", "websocket"],
  ]) {
    const ada = await (await Person.arrive(browser, page + query)).enter("ada");
    assert.equal(await ada.page.evaluate(() => location.origin), "http://localhost:5173");
    await until(async () => (await ada.fact("transport")) === transport, transport);
    await ada.join("room123");
    await ada.say("room123", `by ${query}`);
    await bob.hears(`by ${query}`);
    await bob.say("room123", `back ${query}`);
    await ada.hears(`back ${query}`);
    await ada.page.context().close();
  }
  await browser.close();
});
