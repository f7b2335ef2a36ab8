import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    globalSetup: ["test/bundle.setup.ts"],
    setupFiles: ["test/seed.setup.ts"],
  },
});
