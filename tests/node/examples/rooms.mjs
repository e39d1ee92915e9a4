// A café: sit down, hear who comes and goes, be asked, and have the table closed.
import assert from "node:assert/strict";
import { base, collect, connectMany, next, story, until } from "../lib/story.mjs";

const tables = async () => (await fetch(`${base}/tables`)).json();

await story(async () => {
  const [ada, bob, eve] = await connectMany(3);
  assert.deepEqual(await ada.emitWithAck("sit", "Ada", "window"), ["Ada"]);
  const came = next(ada, "came");
  assert.deepEqual(await bob.emitWithAck("sit", "Bob", "window"), ["Ada", "Bob"]);
  assert.deepEqual(await came, ["Bob"]);
  const outside = collect(eve, "said");
  await eve.emitWithAck("sit", "Eve", "door");
  assert.deepEqual(await tables(), { door: ["Eve"], window: ["Ada", "Bob"] });

  const said = next(bob, "said");
  ada.emit("say", "tea is ready");
  assert.deepEqual(await said, ["Ada", "tea is ready"]);

  ada.on("another one?", (answer) => answer(true));
  bob.on("another one?", (answer) => answer(false));
  assert.equal(await bob.emitWithAck("another round?", "window"), 1);

  const closed = next(ada, "closed");
  assert.equal((await fetch(`${base}/tables/window/close`, { method: "POST" })).status, 200);
  assert.deepEqual(await closed, ["window"]);
  await until(async () => !("window" in (await tables())), "the table is empty");
  assert.equal(bob.connected, true);

  await bob.emitWithAck("sit", "Bob", "door");
  const went = next(bob, "went");
  eve.disconnect();
  assert.deepEqual(await went, ["Eve"]);
  await bob.emitWithAck("stand up", "door");
  assert.deepEqual(await tables(), {});
  assert.deepEqual(outside, []);
});
