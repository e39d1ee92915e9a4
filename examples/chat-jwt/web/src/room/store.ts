// The state of this tab's chat, outside of React so that the socket's listeners always see the newest.
import { useSyncExternalStore } from "react";

import { reduce } from "./reduce";
import { EMPTY, type ChatState, type Change } from "./state";

let state: ChatState = EMPTY;
const watchers = new Set<() => void>();

export function current(): ChatState {
  return state;
}

export function change(by: Change): void {
  state = reduce(state, by);
  for (const watcher of watchers) watcher();
}

export function useChat(): ChatState {
  return useSyncExternalStore(watch, current);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
