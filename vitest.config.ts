import { defineConfig } from "vitest/config"

const conditions = ["@swirl-ts/source"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "examples/**/*.test.ts",
      "scripts/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    globalSetup: "packages/test-support/src/vitest-setup.ts",
    pool: "forks",
    testTimeout: 30_000,
  },
})
