import { writeFileSync } from 'node:fs';

/**
 * Jest reporter: writes { passed, failed } to the file LIANDONG_COUNTS. A suite that cannot be loaded
 * counts as a failed test. A skipped test says why in its name, `… [skipped: reason]`; one that
 * does not counts as failed.
 */
export default class Counts {
  constructor(globalConfig) {
    this.narrowed = Boolean(globalConfig.testNamePattern);
  }

  onRunComplete(_contexts, results) {
    let { numPassedTests: passed, numFailedTests: failed } = results;
    failed += results.numRuntimeErrorTestSuites;
    for (const suite of results.testResults) {
      for (const { status, fullName } of suite.testResults) {
        if (!['pending', 'todo', 'disabled', 'skipped'].includes(status) || this.narrowed) continue;
        const reason = /\[skipped: (.+)\]/.exec(fullName)?.[1];
        if (reason) process.stderr.write(`skipped: ${fullName}\n`);
        else {
          failed += 1;
          process.stderr.write(`skipped without a reason: ${fullName} (${suite.testFilePath})\n`);
        }
      }
    }
    writeFileSync(process.env.LIANDONG_COUNTS, JSON.stringify({ passed, failed }));
  }
}
