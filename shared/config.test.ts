/** Settings: what is not said has a default, and what is wrong is named and stops the start. */
import { expect, test } from "@jest/globals";
import { readConfig } from "./config.ts";

test("what is not set, or empty, has its default", () => {
  const settings = readConfig({ PORT: "", NAMESPACE: "" });

  expect(settings).toMatchObject({ HOST: "127.0.0.1", PORT: 3000, NAMESPACE: "casewire" });
  expect(settings.ADMIN_PASSWORD).toBeUndefined();
});

test("numbers come as numbers, and other names are left alone", () => {
  const settings = readConfig({ PORT: "0", TRUSTED_PROXIES: "2", HOME: "/home/ann" });

  expect(settings).toMatchObject({ PORT: 0, TRUSTED_PROXIES: 2 });
  expect(settings).not.toHaveProperty("HOME");
});

test("a password of digits stays a password", () => {
  expect(readConfig({ ADMIN_PASSWORD: "12345678" }).ADMIN_PASSWORD).toBe("12345678");
});

test.each([
  ["PORT", "abc"],
  ["PORT", "-1"],
  ["PORT", "3000.5"],
  ["PORT", "0x10"],
  ["PORT", " 3000"],
  ["PORT", "70000"],
  ["METRICS_PORT", "many"],
  ["HOST", "a\nb"],
  ["PUBLIC_URL", "ftp://example.com"],
  ["MONGODB_URL", "localhost:27017"],
  ["NATS_URL", "localhost"],
  ["NAMESPACE", "Case-wire"],
  ["ADMIN_EMAIL", "admin"],
  ["ADMIN_PASSWORD", "short"],
  ["LOG_LEVEL", "loud"],
  ["LOG_FORMAT", "xml"],
  ["REQUEST_TIMEOUT_MS", "5s"],
  ["REQUEST_TIMEOUT_MS", "1"],
  ["RATE_LIMIT_USER", "0"],
  ["TRUSTED_PROXIES", "yes"],
])("%s=%j is refused by the name of the setting", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^The setting ${name} .*\\.$`));
});

test("what is refused is not repeated: it may be a secret", () => {
  expect(() => readConfig({ ADMIN_PASSWORD: "hunter2" })).toThrow(/^(?!.*hunter2)/s);
});

test.each([
  [{ OIDC_ISSUER: "https://id.example" }, "OIDC_ISSUER needs OIDC_CLIENT_ID"],
  [
    { OIDC_ISSUER: "https://id.example", OIDC_CLIENT_ID: "c" },
    "OIDC_ISSUER needs OIDC_REDIRECT_URL or PUBLIC_URL",
  ],
  [{ OIDC_ISSUER: "http://id.example" }, "OIDC_ISSUER has characters or a form"],
  [{ SMTP_URL: "mail.example" }, "SMTP_URL has characters or a form"],
])("a provider without what it needs, or without TLS, stops the start: %j", (set, why) => {
  expect(() => readConfig(set)).toThrow(why);
});
