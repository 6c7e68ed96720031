import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is not undefined or false; an error with `what` after `timeoutMs`. */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  { timeoutMs = 15_000, intervalMs = 20 } = {},
): Promise<Answer> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endsAt) throw new Error(`after ${timeoutMs} ms still not: ${what}`);
    await sleep(intervalMs);
  }
}

/** Passes as soon as `assert` does; with its own error after `timeoutMs`. */
export async function eventually(assert: () => Promise<void> | void, { timeoutMs = 10_000, intervalMs = 20 } = {}) {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await assert();
    } catch (error) {
      if (performance.now() > endsAt) throw error;
    }
    await sleep(intervalMs);
  }
}
