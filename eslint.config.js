import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules", ".data", ".cache", "**/*.js", "**/*.cjs", "**/*.mjs"] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    rules: {
      "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 8],
      "no-console": "error",
      "@typescript-eslint/no-invalid-void-type": "off", // an action may answer nothing
      "@typescript-eslint/no-generated-empty-object-type": "off", // … and ask for nothing
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off", // recurses without end on mongoose's types
      "@typescript-eslint/no-unnecessary-type-parameters": "off", // a typed answer for the caller
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { varsIgnorePattern: "^_", argsIgnorePattern: "^_" },
      ],
    },
  },
  {
    files: ["**/*.test.ts", "**/*.types.ts"],
    rules: {
      "max-lines-per-function": "off",
      complexity: "off", // `?.` on an answer that a test knows to be there
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: "test", package: "node:test" }] },
      ],
    },
  },
  {
    // What must not compile has no type that a rule could look at.
    files: ["**/*.types.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
    },
  },
);
