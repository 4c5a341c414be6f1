/**
 * The recorder of a page: numbers its events, keeps them until the server has them, brings what
 * others wrote.
 *
 * Every page load is a source of its own and numbers its events 1, 2, 3, …; the server stores each
 * number once, so sending again is always safe. What an earlier page load left unacknowledged is
 * sent first, under its old name, and comes back from the server like anybody's events.
 */
import { Connection } from "./connection.js";
import { Outbox } from "./outbox.js";
import { ServerClock } from "./server-clock.js";

const EVENTS_A_MESSAGE = 100;
const CHARACTERS_A_MESSAGE = 48_000;
const EVENTS_IN_FLIGHT = 400;

export class Recorder extends EventTarget {
  clock = new ServerClock();
  /** Milliseconds, as the server last said; null: untimed. @type {number | null} */
  limit = null;
  #source = newSource();
  #outbox;
  #connection;
  /** @type {Map<string, {n: number, event: unknown[]}[]>} what is not acknowledged, by source */
  #queues;
  /** @type {Map<string, number>} the last number sent on this connection, by source */
  #sent = new Map();
  #seen = 0;
  /** How much of the log is known to be stored; more may have been seen. */
  #stored = 0;
  /** @type {string | null | undefined} see `app/live/messages.py` */
  #life;
  #pausedUntil = 0;

  /**
   * Fires `welcome` (detail: the message), `events` (detail: [seq, t, code, data][]), `refused`
   * (detail: {code, reason, detail}[]), `state`, `tick` (the clock was heard) and `gone` (the page is
   * to be loaded anew).
   * @param {string} attempt
   * @param {string} path of its socket
   * @param {string} box what its events are kept under
   */
  constructor(attempt, path = `/a/${attempt}/socket`, box = attempt) {
    super();
    this.#outbox = new Outbox(box);
    this.#queues = this.#outbox.load();
    this.#queues.set(this.#source, []);
    const base = location.origin.replace(/^http/, "ws") + path;
    this.#connection = new Connection(
      () => `${base}?source=${this.#source}&after=${this.#seen}`,
      {
        open: () => this.#sent.clear(),
        message: (message) => this.#receive(message),
        close: (gone) => this.#fire(gone ? "gone" : "state"),
      },
    );
  }

  /** How many events the server has not acknowledged. */
  get pending() {
    let pending = 0;
    for (const queue of this.#queues.values()) pending += queue.length;
    return pending;
  }

  /**
   * Whether this page has recorded such an event that the server has not acknowledged.
   * @param {(code: string, data: object) => boolean} isSuch
   */
  hasUnstored(isSuch) {
    return this.#queues.get(this.#source).some(({ event: [, code, data] }) => isSuch(code, data));
  }

  /** @returns {"saved" | "saving" | "offline"} */
  get state() {
    if (!this.#connection.isOpen) return "offline";
    return this.pending ? "saving" : "saved";
  }

  /** Whether what is not saved yet would survive a reload. */
  get keeps() {
    return this.#outbox.keeps;
  }

  /** Records an event at `t` milliseconds on the clock. */
  record = (code, data, t = this.clock.elapsed()) => {
    const queue = this.#queues.get(this.#source);
    const entry = { n: (this.#last += 1), event: [Math.max(0, Math.round(t)), code, data] };
    queue.push(entry);
    this.#outbox.put(this.#source, entry.n, entry.event);
    this.#send();
    this.#fire("state");
  };

  #last = 0;

  close() {
    this.#connection.close();
  }

  /** The attempt is over: forget what no server will take any more. */
  forget() {
    this.#outbox.forget();
  }

  #send() {
    if (!this.#connection.isOpen || !this.clock.known) return;
    if (performance.now() < this.#pausedUntil) return;
    let room = EVENTS_IN_FLIGHT - this.#inFlight();
    for (const [source, queue] of this.#queues) {
      while (room > 0) {
        const batch = nextBatch(queue, this.#sent.get(source) ?? 0, room);
        if (!batch.length) break;
        this.#connection.send({
          type: "events",
          source,
          first: batch[0].n,
          events: batch.map(({ event }) => event),
        });
        this.#sent.set(source, batch.at(-1).n);
        room -= batch.length;
      }
    }
  }

  #inFlight() {
    let count = 0;
    for (const [source, queue] of this.#queues) {
      const sent = this.#sent.get(source) ?? 0;
      for (const { n } of queue) {
        if (n > sent) break;
        count += 1;
      }
    }
    return count;
  }

  #receive(message) {
    if (message.limit !== undefined) this.limit = message.limit;
    if (message.elapsed !== undefined) {
      this.clock.sync(message.elapsed, message.stands, message.type === "welcome");
      this.#fire("tick");
    }
    if (message.type === "welcome") {
      if (this.#showsMore(message.life)) return this.#fire("gone");
      this.#life = message.life;
      this.#fire("welcome", message);
      this.#send();
    } else if (message.type === "events") {
      this.#seen = Math.max(this.#seen, message.events.at(-1)[0]);
      this.#fire("events", message.events);
    } else if (message.type === "ack") {
      this.#acknowledge(message);
    } else if (message.type === "slow") {
      this.#slowDown(message);
    }
    if (message.stored !== undefined) this.#stored = message.stored;
    this.#fire("state");
  }

  /** Whether this page shows events that the log of another life may not have. */
  #showsMore(life) {
    const isAnother = this.#life !== undefined && life !== this.#life;
    // What would not survive is worth more than that all pages show the same.
    return isAnother && this.#seen > this.#stored && (this.keeps || !this.pending);
  }

  #acknowledge({ source, through, refused }) {
    const queue = this.#queues.get(source) ?? [];
    const codes = new Map(queue.map(({ n, event }) => [n, event[1]]));
    while (queue.length && queue[0].n <= through) this.#outbox.drop(source, queue.shift().n);
    if (refused.length) {
      this.#fire(
        "refused",
        refused.map(([n, reason, detail]) => ({ code: codes.get(n), reason, detail })),
      );
    }
    this.#send();
  }

  #slowDown({ source, first, retry_ms: wait }) {
    this.#sent.set(source, Math.min(first - 1, this.#sent.get(source) ?? 0));
    this.#pausedUntil = performance.now() + wait;
    setTimeout(() => this.#send(), wait + 1);
  }

  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The entries to send next: those after number `sent`, as many as one message may carry. */
function nextBatch(queue, sent, room) {
  const batch = [];
  let size = 0;
  for (const entry of queue) {
    if (entry.n <= sent) continue;
    if (batch.length && entry.n !== batch.at(-1).n + 1) break;
    size += JSON.stringify(entry.event).length;
    if (batch.length && size > CHARACTERS_A_MESSAGE) break;
    batch.push(entry);
    if (batch.length >= Math.min(room, EVENTS_A_MESSAGE)) break;
  }
  return batch;
}

function newSource() {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}
