import type { Failure } from '../../server/http/views.ts';
import { Refusal, post } from '../link/rest.ts';

/** What came of something a manager asked for. */
export type Answer<T> =
  | { readonly done: T }
  /** `confirmable`: asked again with `confirm`, it is obeyed. */
  | { readonly refused: Failure; readonly confirmable: boolean };

/** Asks the server for something done by hand; a refusal is an answer, not a fault. */
export async function ask<T>(path: string, body: object): Promise<Answer<T>> {
  try {
    return { done: await post<T>(path, body) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { failure } = error;
    return { refused: failure, confirmable: failure.detail?.confirmable ?? false };
  }
}
