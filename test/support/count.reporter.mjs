/**
 * Closes the run with one line, `N passed, N failed, N skipped`, for people and scripts that want the count alone.
 * Names what was skipped; where nobody looks (`CI=true`) a skipped test is a failure.
 */
export default class CountReporter {
  #skipped = [];
  #error;
  #isFiltered;

  constructor(globalConfig) {
    // With `-t` everything else counts as skipped, and is meant to.
    this.#isFiltered = Boolean(globalConfig.testNamePattern);
  }

  onTestResult(_test, { testResults }) {
    const skipped = testResults.filter(({ status }) => status !== 'passed' && status !== 'failed');
    this.#skipped.push(...skipped.map(({ fullName }) => fullName));
  }

  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    // A file that does not even load has no tests to count, and is no success.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;

    if (!this.#isFiltered) {
      for (const name of this.#skipped) process.stdout.write(`skipped: ${name}\n`);
      if (process.env.CI === 'true' && skipped > 0) this.#error = new Error(`${skipped} skipped`);
    }
    // On exit, since jest's own summary comes after every other reporter.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`));
  }

  /** An error here fails the run. */
  getLastError() {
    return this.#error;
  }
}
