import type { Writable } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';

import {
  StreamIngestionError,
  type ByteSource,
  type DeliverySource,
  type ObjectInfo,
  type TransferReport,
} from '../../contracts/index.js';
import {
  combineObservers,
  deliverStream,
  TransferRegistry,
  type DeliverOptions,
  type TransferContext,
  type TransferDescriptor,
} from '../../engine/index.js';
import {
  planDelivery,
  sendDelivery,
  type DeliveryPlan,
  type DeliveryPlanOptions,
  type SendOptions,
} from '../../http/index.js';
import { exchangeOf, type Exchange } from '../http/exchange.js';
import type { ResolvedOptions } from '../module/resolve-options.js';
import { RESOLVED_OPTIONS } from '../module/tokens.js';
import { StoreRegistry } from '../stores/store-registry.js';
import { definedOf } from './defined-of.js';
import { discardSource } from './discard-source.js';

/** Names an object. */
export interface ObjectName {
  readonly key: string;
  /** Default: the default store. */
  readonly store?: string | undefined;
}

/** How one delivery runs; what is absent is as the module was set up. */
export type DeliveryOptions = Omit<DeliverOptions, 'id' | 'bufferPool'>;

/** How an object is sent in answer to a request. Transforms must keep the length, which is announced. */
export interface SendRequestOptions extends SendOptions {
  readonly signal?: AbortSignal | undefined;
  readonly plan?: DeliveryPlanOptions;
}

/** Bytes out. Every delivery is admitted, listed and abortable through the {@link TransferRegistry}. */
@Injectable()
export class DeliveryService {
  constructor(
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedOptions,
    private readonly stores: StoreRegistry,
    private readonly transfers: TransferRegistry,
  ) {}

  /** The caller closes it. @throws NOT_FOUND, INVALID_KEY, UNKNOWN_STORE, STORE_UNAVAILABLE. */
  async open({ key, store }: ObjectName, signal?: AbortSignal): Promise<DeliverySource> {
    return this.stores.get(store).open(key, signal);
  }

  /** @throws as {@link open}. */
  async stat(name: ObjectName, signal?: AbortSignal): Promise<ObjectInfo> {
    const source = await this.open(name, signal);
    try {
      return await source.stat(signal);
    } finally {
      await source.close();
    }
  }

  /**
   * Sends an object, one range of it, or any bytes to a Writable.
   *
   * @throws what `deliverStream` throws; TOO_MANY_TRANSFERS, DRAINING.
   */
  async deliver(
    what: ObjectName | DeliverySource | ByteSource,
    destination: Writable,
    options: DeliveryOptions = {},
  ): Promise<TransferReport> {
    if (!isObjectName(what)) return this.#deliverSource(what, destination, options);
    return this.#transfer(this.#label(what), options, async (engine) => {
      const source = await this.open(what, engine.signal);
      try {
        return await deliverStream(source, destination, engine);
      } finally {
        await source.close();
      }
    });
  }

  /**
   * Answers a request of either adapter with an object: Range, conditions, HEAD and header fields by RFC 9110.
   *
   * @returns the report, or undefined where the answer has no body of the object.
   * @throws before anything was sent, so that it can still be answered: NOT_FOUND, PRECONDITION_FAILED,
   * RANGE_NOT_SATISFIABLE and what {@link open} throws; afterwards what `deliverStream` throws.
   */
  async send(
    request: unknown,
    response: unknown,
    what: ObjectName | DeliverySource,
    options: SendRequestOptions = {},
  ): Promise<TransferReport | undefined> {
    const { signal, plan: planOptions, ...deliver } = options;
    const exchange = exchangeOf(request, response);
    const source = isObjectName(what) ? await this.open(what, signal) : what;
    const plan = await this.#plan(exchange, source, { acceptRanges: this.#isRanged(what), ...planOptions }, signal);
    const { response: destination } = exchange;
    if (plan.body.kind === 'none') {
      exchange.takeOver();
      return sendDelivery({ plan, source, response: destination, signal });
    }
    const label = isObjectName(what) ? this.#label(what) : {};
    const opened = tellWhenRead(source, () => exchange.takeOver());
    const refused = (): Promise<void> => source.close();
    return this.#transfer(
      label,
      { ...deliver, signal },
      ({ signal: ended, ...engine }) =>
        sendDelivery({ plan, source: opened, response: destination, signal: ended, deliver: engine }),
      refused,
    );
  }

  /** The engine lets go of every byte source that it gets; one that is refused before that is let go of here. */
  #deliverSource(
    source: DeliverySource | ByteSource,
    destination: Writable,
    options: DeliveryOptions,
  ): Promise<TransferReport> {
    const refused = async (): Promise<void> => {
      if (!('stat' in source)) await discardSource(source, false);
    };
    return this.#transfer({}, options, (engine) => deliverStream(source, destination, engine), refused);
  }

  async #plan(
    { request }: Exchange,
    source: DeliverySource,
    options: DeliveryPlanOptions,
    signal: AbortSignal | undefined,
  ): Promise<DeliveryPlan> {
    try {
      const { method = 'GET', headers } = request;
      const object = await source.stat(signal);
      const plan = planDelivery({ method, headers }, object, options);
      if (plan.problem === undefined) return plan;
      const { key, size } = object;
      throw new StreamIngestionError(plan.problem, PROBLEMS[plan.problem], {
        operation: 'delivery.plan',
        context: { key, size },
      });
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  #isRanged(what: ObjectName | DeliverySource): boolean {
    return !isObjectName(what) || this.stores.get(what.store).capabilities.rangedRead;
  }

  #label({ key, store }: ObjectName): Pick<TransferDescriptor, 'store' | 'key'> {
    return { key, ...definedOf({ store: store ?? this.stores.defaultName }) };
  }

  /** @param refused called where the transfer is not admitted, so that `work` never sees what it was made for. */
  async #transfer<Result>(
    label: Pick<TransferDescriptor, 'store' | 'key'>,
    options: DeliveryOptions,
    work: (engine: DeliverOptions) => Promise<Result>,
    refused?: () => Promise<void>,
  ): Promise<Result> {
    const { limits, defaults } = this.options;
    let admitted = false;
    const admittedWork = ({ id, signal, observer }: TransferContext): Promise<Result> => {
      admitted = true;
      return work({
        idleTimeoutMs: limits.idleTimeoutMs,
        minBytesPerSecond: limits.minBytesPerSecond,
        ...definedOf({ unitBytes: defaults.unitBytes }),
        ...definedOf(options),
        observer: options.observer === undefined ? observer : combineObservers([observer, options.observer]),
        id,
        signal,
      });
    };
    try {
      return await this.transfers.run({ direction: 'deliver', ...label }, options.signal, admittedWork);
    } catch (error) {
      // The refusal is what to tell; a failure to close is not.
      if (!admitted) await refused?.().catch(() => undefined);
      throw error;
    }
  }
}

/** What fails before the first reading is open can still be answered by anybody, so the answer is not ours before. */
function tellWhenRead(source: DeliverySource, onRead: () => void): DeliverySource {
  return {
    stat: (signal) => source.stat(signal),
    read: async (range, signal) => {
      const reading = await source.read(range, signal);
      onRead();
      return reading;
    },
    close: () => source.close(),
  };
}

const PROBLEMS = {
  PRECONDITION_FAILED: 'the object has none of the versions that were asked for',
  RANGE_NOT_SATISFIABLE: 'no requested range lies within the object',
} as const;

function isObjectName(what: ObjectName | DeliverySource | ByteSource): what is ObjectName {
  return typeof (what as Partial<ObjectName>).key === 'string' && !('stat' in what);
}
