// React: StrictMode is on (the development build runs every effect twice), and there is one socket a tab.
import assert from "node:assert/strict";
import { launch } from "../lib/browser.mjs";
import { Person } from "../lib/chat.mjs";
import { ask, base, story, until } from "../lib/story.mjs";
import { developmentServer } from "../lib/vite.mjs";

const logged = async (user, word) =>
  (await ask("log")).filter((line) => line.includes(` ${word} `) && line.includes(`user=${user}`)).length;

await story(async () => {
  const hosts = { "localhost:5173": await developmentServer(), "localhost:3000": new URL(base).host };
  const browser = await launch(hosts);
  const address = "http://localhost:5173/";
  const bob = await (await Person.arrive(browser, address)).enter("bob");
  await bob.join("room123");

  const ada = await Person.arrive(browser, address);
  const sessions = [];
  ada.page.on("request", (request) => {
    if (request.url().includes("/socket.io/") && !request.url().includes("sid=")) sessions.push(request.url());
  });
  await ada.enter("ada");
  await ada.join("room123");
  await ada.types("room123", "typing opens no connection");
  assert.equal(sessions.length, 1);
  assert.equal(await logged("ada", "connected"), 1);

  const second = await ada.page.context().newPage();
  const again = new Person(second);
  await second.goto(address);
  await again.connected();
  assert.equal(await logged("ada", "connected"), 2);

  await bob.say("room123", "heard once");
  await ada.hears("heard once");
  assert.deepEqual(await ada.messages(), ["heard once"]);
  assert.equal((await bob.notices()).filter((text) => text.startsWith("ada joined")).length, 1);

  const third = await Person.arrive(browser, `${address}?transport=polling`);
  await third.enter("ada");
  assert.equal(await logged("ada", "connected"), 3);

  // At once, on either transport: long before a heartbeat could have noticed.
  let gone = 0;
  for (const page of [second, third.page, ada.page]) {
    const closed = performance.now();
    await page.close();
    gone += 1;
    await until(async () => (await logged("ada", "disconnected")) === gone, `${gone} closed tabs are gone`);
    assert.ok(performance.now() - closed < 2000);
  }
  await browser.close();
});
