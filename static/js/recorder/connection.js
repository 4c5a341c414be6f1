/**
 * A WebSocket that comes back: reconnects with a growing, jittered wait, and notices silence.
 */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const PING_EVERY_MS = 5_000;
const SILENCE_MS = 12_000;
/** Close code of the server: there is nothing here to come back to. */
const GONE = 4404;

export class Connection {
  #url;
  #on;
  #socket = null;
  #wait = FIRST_WAIT_MS;
  #timer = 0;
  #heard = 0;
  #closed = false;
  /** @type {Promise<void> | null} the last message that waits */
  #waiting = null;

  /**
   * @param {() => string} url asked for at every attempt
   * @param {{open: () => void, message: (message: any) => void, close: (gone: boolean) => void}} on
   */
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
    this.#connect();
    this.#pinging = setInterval(() => this.#ping(), PING_EVERY_MS);
    window.addEventListener("online", this.#soon);
    window.addEventListener("offline", this.#lost);
    document.addEventListener("visibilitychange", this.#soon);
  }

  #pinging;

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#pinging);
    window.removeEventListener("online", this.#soon);
    window.removeEventListener("offline", this.#lost);
    document.removeEventListener("visibilitychange", this.#soon);
    this.#letGo();
  }

  #connect() {
    const socket = new WebSocket(this.#url());
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#waiting = null;
    socket.onopen = () => {
      this.#heard = performance.now();
      this.#on.open();
    };
    socket.onmessage = ({ data }) => {
      this.#heard = performance.now();
      this.#wait = FIRST_WAIT_MS;
      this.#hear(socket, data);
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket || this.#closed) return;
      this.#closed = code === GONE;
      this.#on.close(this.#closed);
      if (!this.#closed) this.#retry();
    };
  }

  /** A sealed message takes a while, and those behind it wait for it. */
  #hear(socket, data) {
    if (typeof data === "string" && !this.#waiting) {
      this.#on.message(JSON.parse(data));
      return;
    }
    const message =
      typeof data === "string"
        ? JSON.parse(data)
        : import("./sealed.js").then(({ inflated }) => inflated(data));
    const turn = Promise.all([message, this.#waiting]).then(([whole]) => {
      if (socket !== this.#socket) return;
      if (this.#waiting === turn) this.#waiting = null;
      this.#on.message(whole);
    });
    this.#waiting = turn;
    // With one that is broken all behind it are lost: they come again on a new connection.
    turn.catch(() => socket === this.#socket && this.#drop());
  }

  #retry() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random() / 2));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }

  /** Back online or looked at again: ask at once instead of waiting for the timer. */
  #soon = () => {
    if (document.hidden || this.#closed) return;
    if (this.isOpen) this.#ping();
    else if (this.#socket.readyState === WebSocket.CLOSED) {
      clearTimeout(this.#timer);
      this.#connect();
    }
  };

  /** The browser knows that the network is gone long before the socket notices. */
  #lost = () => this.#drop();

  #ping() {
    if (!this.isOpen) return;
    if (performance.now() - this.#heard > SILENCE_MS) this.#drop();
    else this.send({ type: "ping" });
  }

  #drop() {
    if (this.#socket.readyState > WebSocket.OPEN) return;
    // A dead connection answers no closing handshake: let go of it now and start afresh.
    this.#letGo();
    this.#on.close(false);
    this.#retry();
  }

  #letGo() {
    const socket = this.#socket;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
  }
}
