/** Hocuspocus with its SQLite extension, as its documentation starts it. */
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const server = new Server({
  address: "127.0.0.1",
  port: Number(process.argv[2]),
  quiet: true,
  extensions: [new SQLite({ database: process.env.DATABASE })],
});
server.listen();
