// The HTTP side of the server: who is logged in, log in, log out.
import type { User } from "./protocol";

/** Where the server is: the origin of the page, or with `npm run dev` the program on its default port. */
export const SERVER: string =
  import.meta.env.VITE_SERVER ?? (import.meta.env.DEV ? "http://localhost:3000" : "");

export interface Session {
  user: User | null;
  /** Why there is none although a cookie was sent; a sentence. */
  message?: string;
  /** Whether the server lets guests in. */
  guest: boolean;
}

/** A failure whose message is a sentence for the person in front of the page. */
export class Refused extends Error {}

export function session(): Promise<Session> {
  return ask<Session>("GET", "/session");
}

export async function login(name: string, password: string): Promise<User> {
  await ask<unknown>("POST", "/login", { name, password });
  return whoCameIn();
}

export async function loginAsGuest(): Promise<User> {
  await ask<unknown>("GET", "/login");
  return whoCameIn();
}

export async function logout(): Promise<void> {
  await ask<unknown>("POST", "/logout");
}

/** The answer of a login says only that it worked; the cookie says who it was. */
async function whoCameIn(): Promise<User> {
  const { user } = await session();
  if (!user) throw new Refused("The login worked, but the browser did not keep its cookie.");
  return user;
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(SERVER + path, {
    method,
    // The cookie has to travel to another origin too, when the page comes from the development server.
    credentials: "include",
    headers: { accept: "application/json", ...(body ? { "content-type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  }).catch(() => {
    throw new Refused("The server does not answer. Is it running?");
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const message = (answer as { message?: unknown } | null)?.message;
    throw new Refused(typeof message === "string" ? message : `The server answered with status ${response.status}.`);
  }
  return answer as T;
}
