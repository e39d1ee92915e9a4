// The demo's page in a browser, as a person uses it: by the names that a screen reader would read.

import { fileURLToPath } from "node:url";
import { mkdirSync } from "node:fs";
import { until } from "./story.mjs";

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

const screenshots = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));

/** Somebody in front of the page, with a browser profile of their own. */
export class Person {
  /** Opens the page. */
  static async arrive(browser, address, { viewport = DESKTOP, ...options } = {}) {
    const context = await browser.newContext({ viewport, ...options });
    const person = new Person(await context.newPage());
    await person.page.goto(address);
    return person;
  }

  /** Whatever the page or the browser wrote to the console. */
  complaints = [];

  constructor(page) {
    this.page = page;
    page.on("console", (message) => this.complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.complaints.push(`error: ${error.message}`));
  }

  async login(name, password = name) {
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Log in", exact: true }).click();
  }

  /** Logs in, and waits for the connection. */
  async enter(name) {
    await this.login(name);
    await this.connected();
    return this;
  }

  /** Connected, and told so by the server. */
  async connected() {
    await until(async () => (await this.state()) === "connected", "the page says `connected`");
    await until(async () => (await this.notices()).some((text) => text.startsWith("Welcome")), "the page is welcomed");
  }

  fact = async (id) => (await this.page.locator(`[data-testid="${id}"]`).innerText({ timeout: 5000 })).trim();
  state = async () => (await this.page.getByRole("status", { name: "Connection state" }).innerText()).trim();
  socketId = async () => (await this.page.getByLabel("Own socket id").innerText()).trim();

  async join(room) {
    await this.page.getByLabel("Room to join").fill(room);
    await this.page.getByRole("button", { name: "Join", exact: true }).click();
    await this.page.getByRole("button", { name: `Leave ${room}` }).waitFor();
  }

  async leave(room) {
    await this.page.getByRole("button", { name: `Leave ${room}` }).click();
    await this.page.getByRole("button", { name: `Leave ${room}` }).waitFor({ state: "detached" });
  }

  /** Writes to a room or a socket id, and waits for the own line. */
  async say(target, text) {
    await this.page.getByLabel("Room or socket id").fill(target);
    await this.page.getByLabel("Message", { exact: true }).fill(text);
    await this.page.getByRole("button", { name: "Send" }).click();
    await this.hears(text);
  }

  /** Types without sending. */
  async types(target, text) {
    await this.page.getByLabel("Room or socket id").fill(target);
    await this.page.getByLabel("Message", { exact: true }).pressSequentially(text);
  }

  messages = () => this.page.locator('li[data-kind="message"] [data-part="text"]').allInnerTexts();
  notices = () => this.page.locator('li[data-kind="notice"]').allInnerTexts();
  members = () => this.page.getByRole("list", { name: "Members" }).getByRole("listitem").allInnerTexts();
  alerts = () => this.page.getByRole("alert").allInnerTexts();
  typing = () => this.page.getByTestId("typing").innerText();

  hears = (text) => until(async () => (await this.messages()).includes(text), `the message ${text}`);
  reads = (pattern) => until(async () => (await this.notices()).some((text) => pattern.test(text)), `a notice ${pattern}`);
  isTold = (pattern) => until(async () => (await this.alerts()).some((text) => pattern.test(text)), `an alert ${pattern}`);

  /** Keeps what it looks like, with the width in the name. */
  async screenshot(name) {
    mkdirSync(screenshots, { recursive: true });
    const { width } = this.page.viewportSize();
    await this.page.screenshot({ path: `${screenshots}${name}-${width}.png` });
  }
}
