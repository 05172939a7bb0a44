import { expect, test } from "@jest/globals";
import { isPublicIp, readPublicAddress } from "./public-addresses.rules.ts";

test.each([
  ["https://example.com", "example.com"],
  ["https://CRM.Example.com.:8443/a?b=c#d", "crm.example.com"],
  ["https://8.8.8.8/", "8.8.8.8"],
  ["https://[2606:4700::1111]/", "2606:4700::1111"],
  ["https://[::ffff:8.8.8.8]/", "::ffff:808:808"],
])("%s may be spoken to", (address, host) => {
  expect(readPublicAddress(address)).toEqual({ host });
});

test.each([
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://0177.0.0.1/",
  "https://127.1/",
  "https://127.0.0.1./",
  "https://0/",
  "https://10.1.2.3/",
  "https://172.31.255.255/",
  "https://192.168.0.1/",
  "https://169.254.169.254/latest/meta-data",
  "https://100.64.0.1/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::127.0.0.1]/",
  "https://[64:ff9b::10.0.0.1]/",
  "https://[2002:7f00:1::]/",
  "https://[2001:0:1::]/",
  "https://[2001:db8::1]/",
  "https://[3fff::1]/",
  "https://[fe80::1]/",
  "https://[fd00::1]/",
  "https://[ff02::1]/",
  "https://localhost/",
  "https://LOCALHOST./",
  "https://a.localhost/",
  "https://intranet/",
  "https://crm.local/",
  "https://metadata.google.internal/",
  "https://１２７.0.0.1/",
])("%s leads to a private address", (address) => {
  expect(readPublicAddress(address)).toEqual({ fault: "must not lead to a private address" });
});

test.each([
  ["http://example.com/", "begins with https://"],
  ["ftp://example.com/", "begins with https://"],
  ["javascript:alert(1)", "begins with https://"],
  ["//example.com", "begins with https://"],
  ["example.com", "begins with https://"],
  ["https://", "begins with https://"],
  ["https://1.2.3.4.5/", "begins with https://"],
  ["https://ada@example.com/", "user name"],
  ["https://:secret@example.com/", "user name"],
  ["https://127.0.0.1@example.com/", "user name"],
])("%s is refused: it %s", (address, why) => {
  expect(readPublicAddress(address)).toEqual({ fault: expect.stringContaining(why) });
});

test("addresses as DNS writes them are told apart", () => {
  expect(["1.1.1.1", "2a00:1450::5", "::ffff:1.1.1.1"].map(isPublicIp)).toEqual([true, true, true]);
  expect(
    ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "999.1.1.1", "nonsense", "a:b"].map(isPublicIp),
  ).toEqual([false, false, false, false, false, false]);
});

test("an address inside that is allowed may be spoken to: that host and port, over TLS alone", () => {
  const inside = ["crm.local:8443", "10.0.0.5:443"];
  const read = (address: string) => readPublicAddress(address, inside);

  expect(read("https://crm.local:8443/a")).toEqual({ host: "crm.local", isInside: true });
  expect(read("https://10.0.0.5/")).toEqual({ host: "10.0.0.5", isInside: true });
  for (const address of ["https://crm.local/", "https://10.0.0.5:22/", "http://crm.local:8443/"]) {
    expect(read(address)).toHaveProperty("fault");
  }
});
