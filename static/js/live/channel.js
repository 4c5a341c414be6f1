/**
 * What is of the moment in a live session: who is there, where a host points, whose hand is up, and
 * that something has changed. Nothing of it is in the log, and nothing is kept for who was away.
 */
import { Connection } from "../recorder/connection.js";

/** A laser is followed no faster than this. */
const POINT_EVERY_MS = 40;

/** @typedef {{seat: string, name: string, role: "host" | "candidate" | "watcher"}} Person */

export class Channel extends EventTarget {
  /** Who is there, in order of arrival. @type {Person[]} */
  people = [];
  #connection;
  /** Where to point next. @type {[number, number] | null | undefined} undefined: as before */
  #at;
  #timer = 0;
  #isUp = false;

  /**
   * Fires `people` (detail: Person[]), `laser` (detail: {seat, at: [x, y] in page units or null}),
   * `hand` (detail: {seat, name, up}), `changed` (look at the session again), `state` (connected or
   * not: see `isOpen`) and `gone`. Until they are heard again, a raised hand is raised to every host
   * that comes.
   * @param {string} seat
   */
  constructor(seat) {
    super();
    const address = `${location.origin.replace(/^http/, "ws")}/s/${seat}/channel`;
    this.#connection = new Connection(() => address, {
      open: () => {
        this.#fire("state");
        // What changed while nobody told.
        this.#fire("changed");
      },
      message: (message) => this.#receive(message),
      close: (gone) => this.#fire(gone ? "gone" : "state"),
    });
  }

  get isOpen() {
    return this.#connection.isOpen;
  }

  /**
   * Shows everybody where a host points.
   * @param {[x: number, y: number] | null} at  page units; null: nowhere any more
   */
  point(at) {
    this.#at = at && at.map(Math.round);
    this.#timer ||= setTimeout(() => this.#point(), POINT_EVERY_MS);
  }

  /** @param {boolean} up  whether the candidate's hand is */
  raise(up) {
    this.#isUp = up;
    this.#send({ type: "hand", up });
  }

  close() {
    clearTimeout(this.#timer);
    this.#connection.close();
  }

  #point() {
    this.#timer = 0;
    this.#send({ type: "laser", at: this.#at });
  }

  #receive(message) {
    if (message.type === "people") {
      this.people = message.people;
      if (this.#isUp) this.raise(true);
    }
    const { type, ...detail } = message;
    if (type === "people") this.#fire(type, this.people);
    else if (type === "laser" || type === "hand" || type === "changed") this.#fire(type, detail);
  }

  #send(message) {
    if (this.isOpen) this.#connection.send(message);
  }

  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
