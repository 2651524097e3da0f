import { defineConfig } from 'vitest/config'

/** `unit` needs nothing but Node. `lab` needs root and a kernel, `machines` an emulator: `sudo bin/test` runs all. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    // Pure functions need no thread of their own each. (Vitest looks for this here only, not in a project.)
    poolOptions: { threads: { isolate: false } },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**', 'test/vm/**'],
          globalSetup: ['test/cli/build.ts', 'test/cli/folder.ts'],
          pool: 'threads',
          // Against what hangs: some tests start the program many times, and machines are slow at times.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'lab',
          globalSetup: ['test/cli/build.ts'],
          include: ['test/lab/**/*.test.ts'],
          // One file after the other: hosts share the machine's kernel and its two cores.
          pool: 'forks',
          poolOptions: { forks: { singleFork: true } },
          // Against what hangs, not for what is slow: in an emulated machine one fanctl takes some seconds.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'machines',
          globalSetup: ['test/cli/build.ts'],
          include: ['test/vm/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
