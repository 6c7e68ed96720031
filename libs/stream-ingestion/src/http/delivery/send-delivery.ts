import type { ServerResponse } from 'node:http';

import {
  StreamIngestionError,
  isStreamIngestionError,
  type DeliverySource,
  type TransferReport,
} from '../../contracts/index.js';
import { deliverStream, type DeliverOptions } from '../../engine/index.js';
import { problemOf } from '../problem/problem-of.js';
import type { DeliveryPlan } from './delivery-plan.js';
import { openContent } from './open-content.js';
import { readerOf } from './part-reader.js';
import { writeHead } from './write-head.js';

/** Options of the engine that a delivery over HTTP leaves open. Transforms must keep the length: it is announced. */
export type SendOptions = Omit<DeliverOptions, 'range' | 'end' | 'expectedBytes' | 'signal'>;

export interface Delivery {
  readonly plan: DeliveryPlan;
  /** The object that the plan was made for. Closed exactly once, before the promise settles. */
  readonly source: DeliverySource;
  /** Not started yet. Fields that were set on it before stay, where the plan has none of that name. */
  readonly response: ServerResponse;
  readonly signal?: AbortSignal | undefined;
  readonly deliver?: SendOptions;
}

/**
 * Sends a planned answer. The head goes out in one write with the first bytes.
 *
 * Until the reading is open nothing of the response is touched: what fails by then can still be answered with an error
 * status. What fails later destroys the connection, so that the client never takes a part for the whole. A plan of 412
 * or 416 is answered with a problem document.
 *
 * @returns the engine's report, or undefined where the answer has no body of the object (HEAD, 304, 412, 416).
 * @throws INVALID_OPTION where the response was started before; what the source threw on opening, ABORTED or
 * DESTINATION_CLOSED, without a report; after that, whatever `deliverStream` throws, with its report.
 */
export async function sendDelivery(delivery: Delivery): Promise<TransferReport | undefined> {
  const { source } = delivery;
  let report: TransferReport | undefined;
  try {
    report = await send(delivery);
  } catch (error) {
    // The first failure is the one to tell; that of the closing would follow from it.
    await source.close().catch(() => undefined);
    throw error;
  }
  await source.close().catch((cause: unknown) => {
    throw closeFailure(cause, report);
  });
  return report;
}

async function send({ plan, source, response, signal, deliver }: Delivery): Promise<TransferReport | undefined> {
  if (response.headersSent) throw alreadyStarted();
  if (plan.body.kind === 'none') {
    writeHead(response, plan);
    if (plan.problem === undefined) response.end();
    else endWithProblem(response, plan.problem);
    return undefined;
  }
  const content = await openContent(plan.body, source, response, signal);
  if (response.headersSent) {
    // Somebody else answered while the reading was being opened: a timeout, perhaps.
    await readerOf(content).close();
    throw alreadyStarted();
  }
  writeHead(response, plan);
  // A transform that changes the length fails here and not in the client. Some versions of Node.js compare with the
  // field as it was set, and a number never equals a text.
  response.setHeader('Content-Length', plan.contentLength);
  response.strictContentLength = true;
  return deliverStream(content, response, { ...deliver, signal, expectedBytes: plan.contentLength });
}

/** For HEAD Node keeps the body back. */
function endWithProblem(response: ServerResponse, code: NonNullable<DeliveryPlan['problem']>): void {
  const problem = problemOf(new StreamIngestionError(code, 'planned'));
  const body = Buffer.from(JSON.stringify(problem.body));
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.setHeader('Content-Length', body.byteLength).end(body);
}

function alreadyStarted(): StreamIngestionError {
  return new StreamIngestionError('INVALID_OPTION', 'response must not be started by anybody but the delivery', {
    operation: 'delivery.send',
  });
}

function closeFailure(cause: unknown, report: TransferReport | undefined): StreamIngestionError {
  const failure = isStreamIngestionError(cause)
    ? cause
    : new StreamIngestionError('SOURCE_FAILED', 'the source could not be closed', {
        operation: 'delivery.close',
        cause,
      });
  if (report !== undefined) failure.report = report;
  return failure;
}
