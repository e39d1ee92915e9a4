// Two people and a silent third: ids, a room, messages, private messages, typing, leaving, closing the tab.
import assert from "node:assert/strict";
import { launch } from "../lib/browser.mjs";
import { Person } from "../lib/chat.mjs";
import { base, story, until } from "../lib/story.mjs";

await story(async () => {
  const browser = await launch();
  const [ada, bob, carol] = await Promise.all([1, 2, 3].map(() => Person.arrive(browser, base)));
  await ada.enter("ada");
  await bob.enter("bob");
  await carol.enter("carol");
  const ids = await Promise.all([ada, bob, carol].map((person) => person.socketId()));
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.equal(id.length, 20);
  await until(async () => (await ada.fact("transport")) === "websocket", "ada is upgraded");

  await ada.join("room123");
  await bob.join("room123");
  await ada.reads(/^bob joined room123/);
  await until(async () => (await ada.members()).length === 2, "ada sees two members");

  await ada.say("room123", "hello everybody");
  await bob.hears("hello everybody");
  await bob.say("room123", "hello ada");
  await ada.hears("hello ada");

  await bob.types("room123", "so");
  await until(async () => (await ada.typing()).startsWith("bob is typing in room123"), "ada sees bob typing");

  await ada.say(ids[1], "between you and me");
  await bob.hears("between you and me");

  await bob.leave("room123");
  await ada.reads(/^bob left room123/);
  await bob.join("room123");
  await until(async () => (await ada.members()).length === 2, "bob is back");
  await bob.page.close();
  await until(async () => (await ada.notices()).filter((text) => /^bob left room123/.test(text)).length === 2);
  await until(async () => (await ada.members()).length === 1, "ada is alone");

  assert.deepEqual(await ada.messages(), ["hello everybody", "hello ada", "between you and me"]);
  assert.deepEqual(await carol.messages(), []);
  assert.deepEqual((await carol.notices()).filter((text) => !text.startsWith("Welcome")), []);
  assert.equal(await carol.typing(), "");
  for (const person of [ada, bob, carol]) assert.deepEqual(person.complaints, []);
  await browser.close();
});
