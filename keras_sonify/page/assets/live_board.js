// The board of a training under way: its cues sound, and are spoken.

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
    if (muted) hush(this.volume, this.sounds.splice(0));
    else this.volume.gain.setValueAtTime(1, now);
  }
  play(cue) {
    if (!this.isOn || !cue.sound) return;
    const arrived = performance.now();
    this.turn = this.turn.then(() => this.start(cue, arrived)).catch(console.error);
  }
  async start({ sound, keep }, arrived) {
    const buffer = await decode(this.context, sound);
    if (!this.isOn || performance.now() - arrived > LATE_MS) return;
    // Cues come one by one, but a hitch on the way brings several at once: they sound
    // one after the other, and of those that need not be kept only the newest.
    const now = this.context.currentTime;
    this.sounds = this.sounds.filter((other) => {
      const isOutdated = other.start > now && !other.keep;
      if (isOutdated) other.source.stop();
      return other.end > now && !isOutdated;
    });
    const at = Math.max(now + 0.005, (this.sounds.at(-1)?.end ?? 0) + BREATH_S);
    this.sounds.push({ keep, ...begin(this.context, buffer, this.volume, at) });
  }
}

// How often a screen reader is given a new line, at least this far apart, lest it lag
// behind: the newest counts. Events are always told.
const BETWEEN_LINES_MS = 4000;

class LiveBoard extends Board {
  constructor(root, speaker) {
    const live = (className) => {
      const region = make("p", className);
      region.setAttribute("role", "status");
      return region;
    };
    const list = (empty) => {
      const made = make("ol");
      made.dataset.empty = empty;
      return made;
    };
    super({
      status: make("p"),
      now: make("p", "ks-now"),
      said: live("ks-unseen"),
      picture: make("div", "ks-picture"),
      events: list("Nothing out of the ordinary so far."),
      points: list("None yet."),
    });
    this.speaker = speaker;
    this.button = make("button", "main ks-sound");
    this.button.type = "button";
    this.button.addEventListener("click", () => speaker.toggle());
    this.speech = make("select");
    for (const [value, text] of [["all", ""], ["events", "events only"], ["none", "nothing"]]) {
      this.speech.append(new Option(text, value));
    }
    this.speech.addEventListener("change", () => clearTimeout(this.timer));
    this.connection = live("");
    const row = make("p", "ks-row");
    const label = make("label", "", "Speak to a screen reader ");
    label.append(this.speech);
    row.append(this.button, label);
    const { status, now, said, picture, events, points } = this.parts;
    const lists = make("div", "ks-lists");
    this.latest = make("h2");
    for (const [title, made] of [[make("h2", "", "What happened"), events], [this.latest, points]]) {
      const section = make("div");
      section.append(title, made);
      lists.append(section);
    }
    root.classList.add("ks-board");
    root.replaceChildren(row, this.connection, status, now, said, picture, lists);
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
  show(state) {
    if (state.unit) this.call(state.unit);
    if (!state.status) return; // nothing is known yet
    super.show(state);
    if (!state.length) this.tell(""); // a new training
  }
  // What points are called.
  call(unit) {
    this.speech.options[0].text = `${unit}s and events`;
    this.latest.textContent = `Latest ${unit}s`;
  }
  // A point, or what happened between two: `said` in words, and the kinds of `events`.
  cue({ said, events }) {
    if (!said) return;
    this.tell(said);
    const isEvent = events.length > 0;
    const wanted = this.speech.value;
    if (wanted === "none" || (wanted === "events" && !isEvent)) return;
    clearTimeout(this.timer);
    const speak = () => {
      this.lastSaid = performance.now();
      this.say(said);
    };
    const wait = isEvent ? 0 : this.lastSaid + BETWEEN_LINES_MS - performance.now();
    if (wait > 0) this.timer = setTimeout(speak, wait);
    else speak(); // not by a timer: the next cue would call it off
  }
}

