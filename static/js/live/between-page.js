/** In a session while nothing is on the board, or after it is over: waits for what comes. */
import { installHelp } from "../ui/help.js";
import { Channel } from "./channel.js";
import { follow } from "./follow.js";
import { showPresence } from "./presence.js";

const { seat } = document.body.dataset;
const channel = new Channel(seat);

installHelp();
follow(channel, seat, () => {});
if (document.querySelector("[data-presence]")) showPresence(channel, seat);
