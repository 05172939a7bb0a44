export const findMongod = async (_: unknown) =>
  process.env["MONGOD"] ?? "/root/casewire-probe/mongod";
export const findNatsServer = async (_: unknown) =>
  process.env["NATS_SERVER"] ?? "/root/casewire-probe/nats-server";
