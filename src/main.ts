import { explainStartFailure } from './start-failure.js';
import { readSettings, SettingError, type Settings } from './settings/index.js';

/** Runs a step of the start; where a setting is to blame, the process ends with one line that says so. */
async function step<Result>(run: () => Promise<Result> | Result, explain = (error: unknown) => error): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const explained = explain(error);
    if (!(explained instanceof SettingError)) throw explained;
    process.stderr.write(`${explained.message}\n`);
    process.exit(1);
  }
}

const settings: Settings = await step(() => readSettings(process.env));
const url = await step(
  async () => {
    // Loaded only now, so that a wrong setting is told without the wait for a framework.
    const { serve } = await import('./serve.js');
    return serve(settings);
  },
  (error) => explainStartFailure(error, settings),
);
process.stdout.write(`listening on ${url}\n`);
