import { expect, test } from "@jest/globals";
import mongoose from "mongoose";
import { connect } from "nats";
test("x", async () => {
  const c = new mongoose.mongo.MongoClient(process.env["MONGODB_URL"] ?? "");
  await c.connect();
  await c.db("x").collection("y").insertOne({ a: 1 });
  await c.close();
  const n = await connect({ servers: process.env["NATS_URL"] ?? "" });
  const jsm = await n.jetstreamManager();
  await jsm.streams.add({ name: "a", subjects: ["a.*"] });
  await n.close();
  expect(1).toBe(1);
});
