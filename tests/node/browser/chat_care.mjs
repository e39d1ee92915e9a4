// Care for people: no barrier that axe-core knows of, no horizontal scroll, everything by keyboard, a silent console.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { launch } from "../lib/browser.mjs";
import { DESKTOP, PHONE, Person } from "../lib/chat.mjs";
import { base, story } from "../lib/story.mjs";

const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

await story(async () => {
  const browser = await launch();
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [DESKTOP, PHONE]) {
      const options = { viewport, colorScheme };
      const ada = await Person.arrive(browser, base, options);
      await isPleasant(ada, `login-${colorScheme}`);
      await ada.enter("ada");
      await ada.join("room123");
      const bob = await (await Person.arrive(browser, base, options)).enter("bob");
      await bob.join("room123");
      await bob.say("room123", "Have you seen how far upstream they swim?");
      await ada.say("room123", `Yes. ${"A long line that has to wrap somewhere. ".repeat(6)}`);
      await ada.say("room123", "averylongwordwithoutanyplacetobreakit".repeat(8));
      await ada.say(await bob.socketId(), "And this is between you and me.");
      await bob.hears("And this is between you and me.");
      await isPleasant(ada, `chat-${colorScheme}`);
      for (const person of [ada, bob]) {
        assert.deepEqual(person.complaints, []);
        await person.page.context().close();
      }
    }
  }
  await browser.close();
});

async function isPleasant(person, name) {
  await person.screenshot(name);
  const { page } = person;
  const { width } = page.viewportSize();
  const where = `${name} at ${width}`;

  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], where);

  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${where}: ${wide} pixels wide`);
  assert.deepEqual(await beyondTheKeyboard(page), [], where);
}

/** Names of controls that Tab does not reach. */
async function beyondTheKeyboard(page) {
  const controls = await page.evaluate(() => {
    const found = [...document.querySelectorAll("a[href], button, input, textarea, select, [role=button]")].filter(
      (control) => !control.disabled && !control.ariaHidden && control.checkVisibility({ visibilityProperty: true }),
    );
    found.forEach((control, index) => (control.dataset.control = index));
    document.activeElement?.blur();
    return found.map((control) => control.ariaLabel || control.innerText || control.name || control.outerHTML);
  });
  assert.ok(controls.length >= 5, `found only ${controls.length} controls`);
  const reached = new Set();
  for (let press = 0; press < controls.length + 20; press += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement?.dataset.control));
  }
  return controls.filter((_, index) => !reached.has(String(index)));
}
