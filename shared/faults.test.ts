import { expect, test } from "@jest/globals";
import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from "mongodb";
import { Errors } from "moleculer";
import { conflict, unavailable } from "./errors.ts";
import { isAbsence, isPassing, saidBy } from "./faults.ts";

const bulk = (error: Error) => new MongoBulkWriteError(error, {} as never);

test("P1, P12: a database that is away passes, also where a bulk write met it", () => {
  const lost = new MongoNetworkError("connect ECONNREFUSED");

  expect(isPassing(lost)).toBe(true);
  expect(isPassing(bulk(lost))).toBe(true);
});

test("a fault of the data does not pass", () => {
  expect(isPassing(new MongoServerError({ message: "duplicate", code: 11_000 }))).toBe(false);
  expect(isPassing(new TypeError("x is undefined"))).toBe(false);
  expect(isPassing(undefined)).toBe(false);
});

test("a neighbour that is away, slow or out of reach is absent; one that refuses is not", () => {
  const unknown = { action: "cases.file" };

  expect(isAbsence(new Errors.ServiceNotFoundError(unknown))).toBe(true);
  expect(isAbsence(new Errors.RequestTimeoutError({ ...unknown, nodeID: "n" }))).toBe(true);
  expect(isAbsence(unavailable("away"))).toBe(true);
  expect(isAbsence(conflict("CASE_CLOSED", "closed"))).toBe(false);
});

test("P16: what the database says of a fault is told without the values that it quotes", () => {
  const message = 'E11000 duplicate key error collection: c.x index: a dup key: { name: "Ada" }';

  expect(saidBy(new MongoServerError({ message, code: 11_000 }))).toBe(
    "E11000 duplicate key error collection: c.x index: a dup key: …",
  );
  expect(saidBy(new Error("Too slow"))).toBe("Too slow");
});
