export { BandwidthLimits, type BandwidthOptions } from './bandwidth-limits.js';
