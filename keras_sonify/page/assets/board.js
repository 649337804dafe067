// What a live page and the notebook's widget share: sound that was rendered elsewhere,
// and a board that shows a training under way and speaks to screen readers.

// One for a page. Browsers let it sound only after a click or a key: until then, and
// while it is muted, cues are dropped, not kept for later.
class Speaker {
  constructor() {
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.muted = false;
    this.watchers = new Set();
    this.context.onstatechange = () => this.tell();
  }
  get isOn() {
    return this.context.state === "running" && !this.muted;
  }
  get label() {
    if (this.context.state !== "running") return "Enable sound";
    return this.muted ? "Unmute" : "Mute";
  }
  tell() {
    this.watchers.forEach((watcher) => watcher());
  }
  toggle() {
    if (this.context.state === "running") this.muted = !this.muted;
    else {
      this.muted = false;
      this.context.resume();
    }
    this.tell();
  }
  async play(flac) {
    if (!this.isOn || !flac) return;
    const bytes = Uint8Array.from(atob(flac), (c) => c.charCodeAt(0));
    const arrived = performance.now();
    const buffer = await this.context.decodeAudioData(bytes.buffer);
    if (!this.isOn || performance.now() - arrived > 1500) return;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    // Between two samples it would be interpolated: see the Web Audio specification.
    const rate = this.context.sampleRate;
    source.start(Math.ceil((this.context.currentTime + 0.005) * rate) / rate);
  }
}

// How often a screen reader is given a new line, at least this far apart, lest it lag
// behind: the newest counts. Events are always told.
const BETWEEN_LINES_MS = 4000;

class Board {
  constructor(root, speaker) {
    this.speaker = speaker;
    const make = (tag, className, text) => {
      const element = document.createElement(tag);
      if (className) element.className = className;
      if (text) element.textContent = text;
      return element;
    };
    root.classList.add("ks-board");
    const row = make("p", "ks-row");
    this.button = make("button", "main ks-sound");
    this.button.type = "button";
    this.button.addEventListener("click", () => speaker.toggle());
    const label = make("label", "", "Speak to a screen reader ");
    this.speech = make("select", "ks-speech");
    for (const [value, text] of [["all", "epochs and events"], ["events", "events only"], ["none", "nothing"]]) {
      const option = make("option", "", text);
      option.value = value;
      this.speech.append(option);
    }
    label.append(this.speech);
    row.append(this.button, label);
    this.connection = make("p", "ks-status");
    this.connection.setAttribute("role", "status");
    this.status = make("p", "ks-status");
    this.now = make("p", "ks-now");
    this.said = make("p", "ks-unseen");
    this.said.setAttribute("role", "status");
    this.picture = make("div", "ks-picture");
    const lists = make("div", "ks-lists");
    this.events = make("ol");
    this.latest = make("ol");
    for (const [title, list] of [["What happened", this.events], ["Latest epochs", this.latest]]) {
      const section = make("div");
      section.append(make("h2", "", title), list);
      lists.append(section);
    }
    root.replaceChildren(row, this.connection, this.status, this.now, this.said, this.picture, lists);
    this.lastSaid = -Infinity;
    this.follow = () => {
      this.button.textContent = speaker.label;
    };
    speaker.watchers.add(this.follow);
    this.follow();
  }
  close() {
    this.speaker.watchers.delete(this.follow);
    clearTimeout(this.timer);
  }
  connected(text) {
    if (this.connection.textContent !== text) this.connection.textContent = text;
  }
  state(state) {
    if (!state.status) return;
    this.status.textContent = state.status;
    const fill = (list, lines, empty) => {
      list.replaceChildren(
        ...(lines.length ? lines : [empty]).map((line) => {
          const item = document.createElement("li");
          item.textContent = line;
          return item;
        }),
      );
    };
    fill(this.events, state.events, "Nothing out of the ordinary so far.");
    fill(this.latest, state.latest, "None yet.");
    if (!state.svg) {
      this.picture.replaceChildren();
      this.now.textContent = "";
      return;
    }
    // As XML: what is no picture cannot become one, nor anything else.
    const parsed = new DOMParser().parseFromString(state.svg, "image/svg+xml");
    this.picture.replaceChildren(document.importNode(parsed.documentElement, true));
  }
  cue(cue) {
    if (!cue.said) return;
    this.now.textContent = cue.said;
    const wanted = this.speech.value;
    if (wanted === "none" || (wanted === "events" && !cue.event)) return;
    clearTimeout(this.timer);
    const wait = cue.event ? 0 : this.lastSaid + BETWEEN_LINES_MS - performance.now();
    this.timer = setTimeout(() => {
      this.lastSaid = performance.now();
      this.said.textContent = cue.said;
    }, Math.max(wait, 0));
  }
}
