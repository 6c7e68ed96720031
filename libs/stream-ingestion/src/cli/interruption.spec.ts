import { listenForInterruption } from './interruption.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

describe('listenForInterruption', () => {
  const before = SIGNALS.map((name) => ({ name, listeners: process.listeners(name) }));

  afterEach(() => {
    for (const { name, listeners } of before) {
      for (const listener of process.listeners(name)) if (!listeners.includes(listener)) process.off(name, listener);
    }
  });

  it.each(SIGNALS)('aborts at %s, and says so', (name) => {
    const signal = listenForInterruption();
    expect(signal.aborted).toBe(false);
    process.emit(name, name);
    expect(signal.reason).toMatchObject({ code: 'ABORTED', message: `interrupted by ${name}` });
  });

  it('goes on to listen, since a signal that nobody listens to ends the process at once', () => {
    const signal = listenForInterruption();
    process.emit('SIGINT', 'SIGINT');
    const { reason } = signal as { reason: unknown };
    for (const { name, listeners } of before) expect(process.listenerCount(name)).toBe(listeners.length + 1);
    process.emit('SIGTERM', 'SIGTERM');
    expect(signal.reason).toBe(reason);
  });
});
