/** Gives each test file a namespace of its own: databases, stream and subjects (jest setupFiles). */
import { randomBytes } from "node:crypto";

process.env["NAMESPACE"] = `t${randomBytes(6).toString("hex")}`;
process.env["NODE_ENV"] = "test";
// The machine may be busy with other tests: who calls waits longer than the product does.
process.env["REQUEST_TIMEOUT_MS"] = "20000";
