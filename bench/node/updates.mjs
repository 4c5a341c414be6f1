/**
 * Reads batches of ink, a JSON object a line, and prints for each what a document of Yjs sends when
 * it is pushed onto an array, in base64; then, as the last line, one update with all of them.
 */
import { createInterface } from "node:readline";
import * as Y from "yjs";

const doc = new Y.Doc();
doc.clientID = 1;
const ink = doc.getArray("ink");
const print = (update) => console.log(Buffer.from(update).toString("base64"));
doc.on("update", print);
for await (const line of createInterface({ input: process.stdin })) ink.push([JSON.parse(line)]);
print(Y.encodeStateAsUpdate(doc));
