/** Tests run as ES modules against a real mongod and nats-server, started once for all of them. */
export default {
  extensionsToTreatAsEsm: [".ts"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2024" } }] },
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/\\.data/", "<rootDir>/\\.cache/"],
  modulePathIgnorePatterns: ["<rootDir>/\\.data/", "<rootDir>/\\.cache/"],
  watchPathIgnorePatterns: ["<rootDir>/\\.data/", "<rootDir>/\\.cache/"],
  globalSetup: "./shared/testing/global-setup.ts",
  globalTeardown: "./shared/testing/global-teardown.ts",
  setupFiles: ["./shared/testing/environment.ts"],
  testTimeout: 30_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: "1500MB", // modules of ended tests stay in a worker until it is replaced
};
