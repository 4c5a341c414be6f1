export const KEY = "coldboard/sound";

/** A soft tone. */
export class Sound {
  #button = document.querySelector("[data-sound]");
  #on;
  #context = null;

  /** @param {boolean} usual whether it is on where nothing was chosen on this device */
  constructor(usual) {
    this.#on = usual ? localStorage.getItem(KEY) !== "no" : localStorage.getItem(KEY) === "yes";
    this.#show();
    this.#button.addEventListener("click", () => {
      this.#on = !this.#on;
      localStorage.setItem(KEY, this.#on ? "yes" : "no");
      this.#show();
      this.play();
    });
  }

  play(hertz = 660) {
    if (!this.#on) return;
    this.#context ??= new AudioContext();
    const now = this.#context.currentTime;
    const tone = new OscillatorNode(this.#context, { frequency: hertz });
    const volume = new GainNode(this.#context, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.2, now + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.5);
    tone.connect(volume).connect(this.#context.destination);
    tone.start(now);
    tone.stop(now + 0.5);
  }

  #show() {
    this.#button.setAttribute("aria-pressed", String(this.#on));
  }
}
