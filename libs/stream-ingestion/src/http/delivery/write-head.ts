import type { ServerResponse } from 'node:http';

import type { DeliveryPlan } from './delivery-plan.js';

/**
 * Puts a plan's status and fields on a response that was not started. Nothing is sent yet: Node puts the head in front
 * of the first bytes, and both into one system call.
 */
export function writeHead(response: ServerResponse, { status, headers }: DeliveryPlan): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, name === 'Vary' ? joinVary(response.getHeader('Vary'), value) : value);
  }
}

/** What others vary by, cross-origin rules for one, is kept. */
function joinVary(before: number | string | string[] | undefined, added: string): string {
  const names = String(before ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const known = names.some((name) => name === '*' || name.toLowerCase() === added.toLowerCase());
  return (known ? names : [...names, added]).join(', ');
}
