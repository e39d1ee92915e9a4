// Carol opens the admin UI of the demo with the cookie of her login, and nobody else does.
import assert from "node:assert/strict";
import { Admin } from "../lib/admin.mjs";
import { launch } from "../lib/browser.mjs";
import { Person } from "../lib/chat.mjs";
import { base, story, until } from "../lib/story.mjs";

await story(async () => {
  const browser = await launch();
  const ada = await (await Person.arrive(browser, base)).enter("ada");
  const refused = await ada.page.request.get(`${base}/admin/`);
  assert.deepEqual([refused.status(), (await refused.json()).message], [403, "Only an admin may look here."]);

  const carol = await (await Person.arrive(browser, base)).enter("carol");
  const page = await carol.page.context().newPage();
  const admin = new Admin(page);
  await page.goto(`${base}/admin/`);
  // The cookie is enough.
  await page.getByLabel("Server URL").fill(base);
  await page.getByRole("button", { name: "Connect" }).click();
  await admin.connected();
  await admin.go("Sockets");
  const ids = [await ada.socketId(), await carol.socketId()];
  await until(async () => (await admin.rows()).length === 2);
  assert.deepEqual((await admin.rows()).map(([id]) => id).sort(), ids.sort());
  assert.ok((await admin.rows()).every(([, address]) => address === "127.0.0.1"));
  await admin.screenshot("of-the-chat");

  await admin.go("Events");
  await ada.say(await carol.socketId(), "between us");
  await admin.row("message").first().waitFor();
  assert.ok(!(await admin.main.innerText()).includes("between us"));
  assert.deepEqual(admin.complaints, []);
  assert.deepEqual([...admin.hosts], [new URL(base).host]);
  await browser.close();
});
