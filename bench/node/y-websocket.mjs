/** `@y/websocket-server` as its own command starts it; YPERSISTENCE names the folder of LevelDB. */
import { setupWSConnection } from "@y/websocket-server/utils";
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]) });
server.on("connection", setupWSConnection);
