const DIGESTS = {
  type: 'object',
  description: 'Lower-case hexadecimal, by algorithm',
  additionalProperties: { type: 'string' },
};

const OBJECT_PROPERTIES = {
  key: { type: 'string' },
  size: { type: 'integer', format: 'int64' },
  etag: { type: 'string', description: 'Strong validator, without quotes' },
  lastModified: { type: 'string', format: 'date-time' },
  digests: DIGESTS,
  contentType: { type: 'string' },
  contentEncoding: { type: 'string' },
  metadata: { type: 'object', additionalProperties: { type: 'string' } },
  location: { type: 'string', description: 'Path of the object' },
};

const OBJECT_REQUIRED = ['key', 'size', 'etag', 'lastModified', 'digests', 'metadata', 'location'];

export const TRANSFER_REPORT_SCHEMA = {
  type: 'object',
  properties: {
    id: { type: 'string', format: 'uuid' },
    outcome: { type: 'string', enum: ['completed', 'aborted', 'failed'] },
    reason: { type: 'object', properties: { code: { type: 'string' }, message: { type: 'string' } } },
    startedAt: { type: 'string', format: 'date-time' },
    durationMs: { type: 'number' },
    bytesIn: { type: 'integer', format: 'int64' },
    bytesOut: { type: 'integer', format: 'int64' },
    throughputBytesPerSecond: { type: 'number' },
    waits: { type: 'object', properties: { sourceMs: { type: 'number' }, sinkMs: { type: 'number' } } },
    transforms: { type: 'array', items: { type: 'object' } },
    writes: { type: 'object', additionalProperties: { type: 'number' } },
    peakInFlightChunks: { type: 'integer' },
    peakInFlightBytes: { type: 'integer' },
    digests: DIGESTS,
  },
};

export const OBJECT_SCHEMA = { type: 'object', required: OBJECT_REQUIRED, properties: OBJECT_PROPERTIES };

export const UPLOAD_SCHEMA = {
  type: 'object',
  required: [...OBJECT_REQUIRED, 'created', 'transfer'],
  properties: {
    ...OBJECT_PROPERTIES,
    created: { type: 'boolean', description: 'False where an object of that key was replaced' },
    transfer: TRANSFER_REPORT_SCHEMA,
  },
};

export const OBJECT_LIST_SCHEMA = {
  type: 'object',
  required: ['objects'],
  properties: {
    objects: { type: 'array', items: OBJECT_SCHEMA },
    nextCursor: { type: 'string', description: 'For the cursor of the next page; absent on the last' },
  },
};

export const TRANSFER_SCHEMA = {
  type: 'object',
  required: ['id', 'direction', 'state', 'startedAt', 'progress'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    direction: { type: 'string', enum: ['ingest', 'deliver'] },
    store: { type: 'string' },
    key: { type: 'string' },
    state: { type: 'string', enum: ['running', 'completed', 'aborted', 'failed'] },
    startedAt: { type: 'string', format: 'date-time' },
    progress: {
      type: 'object',
      properties: {
        bytesIn: { type: 'integer', format: 'int64' },
        bytesOut: { type: 'integer', format: 'int64' },
        inFlightChunks: { type: 'integer' },
        inFlightBytes: { type: 'integer' },
        elapsedMs: { type: 'number' },
      },
    },
    report: TRANSFER_REPORT_SCHEMA,
  },
};
