import { expect, test } from "@jest/globals";
import { typeOf } from "./content.ts";

const zip = Buffer.from("504b030414000000", "hex");
const oleDocument = Buffer.from("d0cf11e0a1b11ae1", "hex");
const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

test.each([
  ["<!doctype html><script>1</script>", "text/html", "application/octet-stream"],
  ["<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "application/octet-stream"],
  ["<?xml version='1.0'?><a/>", "application/xml", "application/octet-stream"],
  ["alert(1)", "text/javascript", "application/octet-stream"],
  ["a;b\n1;2", "text/csv; charset=utf-8", "text/csv"],
  ['{"a":1}', "application/json", "application/json"],
  ["hello", undefined, "application/octet-stream"],
  ["", "text/plain", "text/plain"],
  ["\u0000\u0001binary", "text/plain", "application/octet-stream"],
  ["%PDF-1.7\n", "text/html", "application/pdf"],
  ["%PDF-1.7\n", undefined, "application/pdf"],
])("Content that attacks: %j called %s is kept as %s", async (content, declared, kept) => {
  expect(await typeOf(Buffer.from(content), declared)).toBe(kept);
});

test("text may be cut in the middle of a character by the sample", async () => {
  const cut = Buffer.from("añ").subarray(0, 2);

  expect(await typeOf(cut, "text/plain")).toBe("text/plain");
  expect(await typeOf(Buffer.from("f1f2", "hex"), "text/plain")).toBe("application/octet-stream");
});

test("office documents are packed in other formats and keep their own type", async () => {
  expect(await typeOf(zip, docx)).toBe(docx);
  expect(await typeOf(zip, "text/html")).toBe("application/zip");
  expect(await typeOf(oleDocument, "application/vnd.ms-excel")).toBe("application/vnd.ms-excel");
});
