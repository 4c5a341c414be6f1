/** The bare baseline: every message goes to the others with the same address, and nowhere else. */
import { WebSocketServer } from "ws";

const rooms = new Map();
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]) });

server.on("connection", (socket, { url }) => {
  if (!rooms.has(url)) rooms.set(url, new Set());
  const room = rooms.get(url).add(socket);
  socket.on("message", (message) => {
    for (const other of room) if (other !== socket) other.send(message);
  });
  socket.on("close", () => room.delete(socket));
});
