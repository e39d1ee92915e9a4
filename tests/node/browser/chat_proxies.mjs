// Behind a proxy that refuses Upgrade, and one that never answers it, the page works with its default options.
import assert from "node:assert/strict";
import { launch } from "../lib/browser.mjs";
import { Person } from "../lib/chat.mjs";
import { ask, base, story } from "../lib/story.mjs";

await story(async () => {
  const browser = await launch();
  const bob = await (await Person.arrive(browser, base)).enter("bob");
  await bob.join("room123");
  for (const network of ["refuses", "swallows"]) {
    await ask("network", network);
    const before = await ask("upgrades");
    const ada = await (await Person.arrive(browser, process.env.PROXIED)).enter("ada");
    await ada.join("room123");
    await ada.say("room123", `ada, ${network}`);
    await bob.hears(`ada, ${network}`);
    await bob.say("room123", `bob, ${network}`);
    await ada.hears(`bob, ${network}`);
    assert.equal(await ada.fact("transport"), "polling");
    assert.ok((await ask("upgrades")) > before, "an upgrade was tried");
    await ada.page.context().close();
  }
  await browser.close();
});
