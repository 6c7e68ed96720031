import type { ConformanceCase } from './conformance-case.js';
import { abortCases } from './cases/abort.cases.js';
import { concurrencyCases } from './cases/concurrency.cases.js';
import { conditionCases } from './cases/condition.cases.js';
import { finalizeCases } from './cases/finalize.cases.js';
import { healthCases } from './cases/health.cases.js';
import { keyCases } from './cases/key.cases.js';
import { listingCases } from './cases/listing.cases.js';
import { readingCases } from './cases/reading.cases.js';
import { roundTripCases } from './cases/round-trip.cases.js';

/** Every rule that every store keeps. */
export const STORE_CONFORMANCE_CASES: readonly ConformanceCase[] = [
  ...roundTripCases,
  ...finalizeCases,
  ...abortCases,
  ...readingCases,
  ...keyCases,
  ...conditionCases,
  ...concurrencyCases,
  ...listingCases,
  ...healthCases,
];
