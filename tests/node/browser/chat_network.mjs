// Ada's network is cut while bob writes: she reads it all, once, in order. Then the server restarts.
import assert from "node:assert/strict";
import { launch } from "../lib/browser.mjs";
import { Person } from "../lib/chat.mjs";
import { ask, base, pause, story, until } from "../lib/story.mjs";

const cut = 20_000;

await story(async () => {
  const browser = await launch();
  const ada = await (await Person.arrive(browser, process.env.PROXIED)).enter("ada");
  const bob = await (await Person.arrive(browser, base)).enter("bob");
  await ada.join("room123");
  await bob.join("room123");
  await bob.say("room123", "before");
  await ada.hears("before");

  const began = performance.now();
  await ask("network", "cut");
  await until(async () => (await ada.state()) === "offline", "ada is offline");
  const missed = ["one", "two", "three", "four", "five"];
  for (const text of missed) await bob.say("room123", text);
  await pause(cut - (performance.now() - began));
  assert.deepEqual(await ada.messages(), ["before"]);
  await ask("network", "works");
  await ada.hears("five");
  await ada.connected();
  assert.deepEqual(await ada.messages(), ["before", ...missed]);

  // Both come back by themselves, into their room, with new ids.
  const people = [ada, bob];
  const ids = await Promise.all(people.map((person) => person.socketId()));
  await ask("stop");
  for (const person of people) await until(async () => (await person.state()) === "offline", "offline");
  await ask("start");
  for (const person of people) await person.connected();
  const after = await Promise.all(people.map((person) => person.socketId()));
  assert.equal(new Set([...ids, ...after]).size, 4);
  await until(async () => (await ada.members()).length === 2, "both are in the room again");
  await ada.say("room123", "after");
  await bob.hears("after");
  assert.deepEqual(await ada.messages(), ["before", ...missed, "after"]);
  await browser.close();
});
