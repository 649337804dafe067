// What a live page and the notebook's widget share: sound that was rendered elsewhere,
// and a board that shows a training under way and speaks to screen readers.

const LATE_MS = 1500; // a cue that takes longer to decode is of no use
const BREATH_S = 0.05; // between two cues

// One for a page. Browsers let it sound only after a click or a key: until then, and
// while it is muted, cues are dropped, not kept for later.
class Speaker {
  constructor() {
    // Beside a training that keeps all cores busy, "interactive" and "playback" have
    // holes of a millisecond in them; 0.09 s had none. 0.2 s broke PulseAudio's buffer.
    this.context = new AudioContext({ latencyHint: 0.09 });
    this.volume = this.context.createGain();
    this.volume.connect(this.context.destination);
    this.muted = false;
    this.watchers = new Set();
    this.sounds = []; // those that sound or wait
    this.turn = Promise.resolve();
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
    if (this.context.state === "running") this.mute(!this.muted);
    else {
      this.mute(false);
      this.context.resume();
    }
    this.tell();
  }
  mute(muted) {
    this.muted = muted;
    const now = this.context.currentTime;
    this.volume.gain.cancelScheduledValues(now);
    if (!muted) {
      this.volume.gain.setValueAtTime(1, now);
      return;
    }
    this.volume.gain.setTargetAtTime(0, now, 0.005); // at once would click
    this.sounds.forEach((sound) => sound.source.stop(now + 0.05));
    this.sounds = [];
  }
  // `keep`: it must be heard even if something newer comes.
  play(flac, keep = false) {
    if (!this.isOn || !flac) return;
    const arrived = performance.now();
    this.turn = this.turn.then(() => this.start(flac, keep, arrived)).catch(console.error);
  }
  async start(flac, keep, arrived) {
    const bytes = Uint8Array.from(atob(flac), (c) => c.charCodeAt(0));
    const buffer = await this.context.decodeAudioData(bytes.buffer);
    if (!this.isOn || performance.now() - arrived > LATE_MS) return;
    // Cues come one by one, but a hitch on the way brings several at once: they sound
    // one after the other, and of those that need not be kept only the newest.
    const now = this.context.currentTime;
    this.sounds = this.sounds.filter((sound) => {
      const isOutdated = sound.start > now && !sound.keep;
      if (isOutdated) sound.source.stop();
      return sound.end > now && !isOutdated;
    });
    const end = this.sounds.at(-1)?.end ?? 0;
    // Between two samples it would be interpolated: see the Web Audio specification.
    const rate = this.context.sampleRate;
    const start = Math.ceil(Math.max(now + 0.005, end + BREATH_S) * rate) / rate;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.volume);
    source.start(start);
    this.sounds.push({ source, keep, start, end: start + buffer.duration });
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
    this.speech.addEventListener("change", () => clearTimeout(this.timer));
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
    const say = () => {
      this.lastSaid = performance.now();
      this.said.textContent = cue.said;
    };
    const wait = cue.event ? 0 : this.lastSaid + BETWEEN_LINES_MS - performance.now();
    if (wait > 0) this.timer = setTimeout(say, wait);
    else say(); // not by a timer: the next cue would call it off
  }
}
