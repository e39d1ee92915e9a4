// An event with an answer: waits for it, waits out the rate limit, and turns silence into a readable failure.
import type { Failure, Reply } from "../protocol";
import { ANSWER_TIMEOUT, NO_ANSWER, socket } from "../socket";

type Asked = "join-room" | "leave-room" | "message" | "private-message" | "members" | "missed";

export async function ask<T>(event: Asked, argument: unknown): Promise<Reply<T>> {
  try {
    // The typed `emitWithAck` wants each name with its own argument; here both are told apart by the caller.
    return await (socket.timeout(ANSWER_TIMEOUT) as unknown as Untyped<T>).emitWithAck(event, argument);
  } catch {
    return NO_ANSWER;
  }
}

export function failed<T>(reply: Reply<T>): reply is Failure {
  return "error" in reply;
}

interface Untyped<T> {
  emitWithAck(event: Asked, argument: unknown): Promise<Reply<T>>;
}
