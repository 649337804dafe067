// The board of a training under way, whose cues sound.

const LATE_MS = 1500; // a cue that takes longer to decode is of no use
const BREATH_S = 0.05; // between two cues
const BEHIND_S = 0.5; // that a sound comes after its time

const QUIETER = 0.5 / Math.log10(2); // half as loud is 10 dB less
const SOFTEST = 5; // percent: what is silent must look muted
const VOLUME_KEY = "keras-sonify-volume";

// One for a page. Browsers let it sound only after a click or a key: until then, and
// while it is muted, cues are dropped, not kept for later.
class Speaker {
  constructor() {
    // Beside a training that keeps all cores busy, "interactive" and "playback" have
    // holes of a millisecond in them; 0.09 s had none. 0.2 s broke PulseAudio's buffer.
    this.stream = new Stream({ latencyHint: 0.09 });
    this.context = this.stream.context;
    this.level = this.context.createGain();
    this.level.connect(this.context.destination);
    this.volume = this.context.createGain(); // 0 while it is muted
    this.volume.connect(this.level);
    this.muted = false;
    this.watchers = new Set();
    this.sounds = []; // those that sound or wait
    this.turn = Promise.resolve();
    this.loudness = 100; // in percent of what was rendered
    this.turnTo(Number(remembered(VOLUME_KEY) ?? this.loudness));
    this.context.addEventListener("statechange", () => this.tell());
  }
  get isOn() {
    return this.stream.isRunning && !this.muted;
  }
  get label() {
    if (!this.stream.isRunning) return "Enable sound";
    return this.muted ? "Unmute" : "Mute";
  }
  tell() {
    this.watchers.forEach((watcher) => watcher());
  }
  toggle() {
    if (this.stream.isRunning) this.mute(!this.muted);
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
  turnTo(percent) {
    if (!(percent >= SOFTEST && percent <= 100)) return; // somebody else keeps something there
    this.loudness = percent;
    const gain = (percent / 100) ** QUIETER;
    this.level.gain.setTargetAtTime(gain, this.context.currentTime, HUSH_S / 10);
    remember(VOLUME_KEY, percent);
    this.tell();
  }
  // Returns a promise of the seconds that are left then until it has sounded.
  play(cue) {
    if (!this.isOn || !cue.sound) return Promise.resolve(0);
    const arrived = performance.now();
    this.turn = this.turn.then(() => this.start(cue, arrived)).catch(console.error);
    return this.turn;
  }
  async start({ sound, keep }, arrived) {
    const buffer = await decode(this.context, sound);
    if (!this.isOn || performance.now() - arrived > LATE_MS) return 0;
    // Cues come one by one, but a hitch on the way brings several at once: they sound
    // one after the other, and of those that need not be kept only the newest.
    const now = this.context.currentTime;
    this.sounds = this.sounds.filter((other) => {
      const isOutdated = other.start > now && !other.keep;
      if (isOutdated) other.source.stop();
      return other.end > now && !isOutdated;
    });
    const at = Math.max(now + 0.005, (this.sounds.at(-1)?.end ?? 0) + BREATH_S);
    // With its lead-in, if it has one, it has begun, and gives way to no other.
    const begun = { ...this.stream.play(buffer, this.volume, at), start: at };
    this.sounds.push({ keep, ...begun });
    return begun.end - now + BEHIND_S;
  }
}

// What a live page's voice is made of, which a notebook has one of, too.
const SPEECH = { usual: "events", key: "keras-sonify-speech" };

class LiveBoard extends Board {
  // `isPage`: whether the whole page is ours.
  constructor(root, speaker, voice, { isPage }) {
    const list = (empty) => {
      const made = make("ol");
      made.dataset.empty = empty;
      return made;
    };
    super({
      now: make("p", "ks-now"),
      picture: make("div", "ks-picture"),
      events: list("Nothing out of the ordinary so far."),
    });
    this.speaker = speaker;
    this.voice = voice;
    this.said = ""; // how the run stands
    this.button = make("button", "main ks-sound");
    this.button.type = "button";
    this.button.addEventListener("click", () => this.press());
    this.isGreeting = false;
    this.greeting = { said: "", sound: "" }; // what is heard when sound is enabled
    this.volume = make("input", "ks-volume");
    Object.assign(this.volume, { type: "range", min: SOFTEST, max: 100, step: 5 });
    this.volume.addEventListener("input", () => speaker.turnTo(Number(this.volume.value)));
    this.speech = voice.select("");
    const ask = make("button", "", "Tell me");
    ask.type = "button";
    ask.addEventListener("click", () => this.answer());
    const again = make("button", "ks-again", "Hear again");
    again.type = "button";
    again.addEventListener("click", () => this.again());
    this.last = null; // the latest cue that has a sound
    this.keys = new Keys(
      { tell: () => this.answer(), again: () => this.again(), mute: () => this.press() },
      { unit: "", isPage },
    );
    this.connection = make("p", "ks-connection");
    const row = make("p", "ks-row");
    const labelled = (text, control, className = "") => {
      const label = make("label", className, `${text} `);
      label.append(control);
      return label;
    };
    row.append(
      this.button,
      labelled("Volume", this.volume, "ks-loudness"),
      again,
      ask,
      labelled("Speak to a screen reader", this.speech),
      this.keys.menu,
    );
    const { now, picture, events } = this.parts;
    const lists = make("div", "ks-lists"), happened = make("div");
    this.latest = new LatestTable();
    this.clock = new RunClock();
    happened.append(make("h2", "", "What happened"), events);
    lists.append(this.latest.section, happened);
    root.classList.add("ks-board");
    root.replaceChildren(row, this.connection, now, this.clock.line, picture, lists, this.keys.dialog);
    this.follow = () => {
      this.button.textContent = speaker.label;
      this.volume.value = speaker.loudness;
      this.volume.setAttribute("aria-valuetext", `${speaker.loudness} percent`);
    };
    speaker.watchers.add(this.follow);
    this.follow();
  }
  press() {
    const isNew = !this.speaker.stream.isRunning;
    this.speaker.toggle();
    if (isNew) this.greet();
  }
  // Who enables sound hears what it will be like, and is told; cues that come meanwhile
  // wait, the newest of them, and alarms.
  async greet() {
    if (this.isGreeting) return;
    this.isGreeting = true;
    await this.speaker.context.resume(); // once it may, which can take many clicks
    this.isGreeting = false;
    const { said, sound } = this.greeting;
    const told = `Sound is on. ${said}`.trim();
    this.tell(told);
    const seconds = await this.speaker.play({ sound, keep: true });
    this.voice.answer(told, seconds); // speech and tones would cover each other
  }
  // Whoever asks is told how the run stands.
  answer() {
    if (!this.said) return;
    this.tell(this.said);
    this.voice.answer(this.said);
  }
  // The latest cue once more; who asks for it wants sound.
  async again() {
    if (!this.last) {
      this.tell("There is nothing to hear again yet.");
      this.voice.answer("There is nothing to hear again yet.");
      return;
    }
    if (!this.speaker.isOn) this.speaker.toggle();
    await this.speaker.context.resume();
    const { said, short, sound, events } = this.last;
    this.tell(said);
    const seconds = await this.speaker.play({ sound, keep: true });
    this.voice.point({ text: said, short }, events.length > 0, seconds);
  }
  close() {
    this.clock.close();
    this.speaker.watchers.delete(this.follow);
    this.voice.forget(this.speech);
    this.keys.close();
  }
  connected(text) {
    this.connection.textContent = text;
  }
  show(state) {
    if (state.unit) this.call(state.unit);
    if (!state.status) return; // nothing is known yet
    super.show(state);
    this.said = state.said;
    this.latest.show(state.latest);
    this.clock.show(state);
    if (!state.length) this.isTold = false; // a new training
    const [latest] = state.points;
    if (!this.isTold) super.tell((!state.ended && latest?.text) || state.status);
  }
  tell(text) {
    this.isTold = true; // of what has come since, all is told
    super.tell(text);
  }
  // What points are called.
  call(unit) {
    this.voice.call(this.speech, unit);
    this.keys.call(unit);
    this.latest.call(unit);
  }
  // A point, or what happened between two, in words.
  cue(cue) {
    if (cue.sound) this.last = cue;
    if (cue.said) this.tell(cue.said);
  }
}

