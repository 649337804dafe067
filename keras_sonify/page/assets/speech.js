// The one voice of a page: what a screen reader is given to speak, how much, and when.
// Screen readers speak all that they are given, one after the other. So tones come first:
// a line waits until they are over, and until the line before has been spoken; of lines
// that wait only the newest is left. Where points come quicker than words, few are spoken.

const CHARACTER_S = 0.09; // of speech, at 175 words a minute
const SHARE = 0.15; // of the time in which tones sound, that words may lie on
const FADING = 0.95; // from tones to tones: the latest twenty count
const PATIENCE = 1.5; // of the usual time from tones to tones: then none are expected

// Numbers as they are said: some screen readers leave out a sign.
const aloud = (text) =>
  text
    .replace(/(\d) ?%/g, "$1 percent")
    .replace(/(\d)e([-+])0*(\d)/gi, (_, digit, sign, power) => `${digit} e ${sign === "-" ? "minus" : "plus"} ${power}`)
    .replace(/(^|[\s(])-(?=\.?\d)/g, "$1minus ");
const secondsOf = (text) => Math.max(1, CHARACTER_S * text.length);
const clock = () => performance.now() / 1000;

// Where a screen reader listens. What a region holds when it comes is not spoken.
const region = (role, live) => {
  const made = document.createElement("p");
  made.className = "ks-unseen";
  made.setAttribute("role", role);
  made.setAttribute("aria-live", live); // Orca does not tell it from the role of an alert
  // In a notebook no style of ours reaches it.
  made.style = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)";
  document.body.append(made);
  return made;
};

const CHOICES = {
  events: () => "events only",
  short: (unit) => `each ${unit}, short`,
  full: (unit) => `each ${unit}, in full`,
  none: () => "nothing",
};

class Voice {
  // `usual` is the choice until somebody makes one, which is kept under `key`.
  constructor({ usual, key }) {
    this.polite = region("status", "polite");
    this.assertive = region("alert", "assertive");
    this.key = key;
    this.choice = Object.hasOwn(CHOICES, remembered(key) ?? "") ? remembered(key) : usual;
    this.selects = new Map(); // all that show the choice, each with its unit
    this.waiting = null; // the newest line, full and short
    this.freeAt = 0; // the last line has been spoken by then
    this.tonesAt = -Infinity; // the last tones began
    this.quietAt = 0; // they are over
    this.heard = this.covered = 0; // seconds of tones, and of those under words
  }

  // --- What somebody wants to be spoken ----------------------------------------------
  select(unit) {
    const select = document.createElement("select");
    for (const value of Object.keys(CHOICES)) select.append(new Option("", value));
    select.value = this.choice;
    select.addEventListener("change", () => this.choose(select.value));
    this.call(select, unit);
    return select;
  }
  // What points are called.
  call(select, unit) {
    this.selects.set(select, unit);
    for (const option of select.options) option.text = CHOICES[option.value](unit);
  }
  choose(choice) {
    this.choice = choice;
    this.waiting = null;
    remember(this.key, choice);
    for (const select of this.selects.keys()) select.value = choice;
  }
  forget(select) {
    this.selects.delete(select);
  }

  // --- What there is to be spoken ------------------------------------------------------
  // A point, or what happened between two: `said` in words, `short` in a few, the kinds of
  // `events`, and whether one is `urgent`. It sounds for so many seconds more, once known.
  async cue({ said, short = said, events = [], urgent = false }, sounding = 0) {
    if (urgent) this.alarm(short);
    const seconds = await sounding;
    if (seconds > 0) this.tones(seconds);
    if (said && !urgent) this.line(said, short, events.length > 0);
  }
  line(said, short, isEvent) {
    if (this.choice === "none" || (this.choice === "events" && !isEvent)) return;
    if (this.waiting?.isEvent && !isEvent) return; // it tells more
    const lines = this.choice === "full" ? [said, short] : [short];
    this.waiting = { lines, isEvent, after: this.quietAt }; // its own tones, not those to come
    this.consider();
  }
  // What is to be known of the page itself, unless something of the training waits.
  notice(text) {
    if (!this.waiting) this.line(text, text, true);
  }
  // At once, and nothing else for now.
  alarm(text) {
    if (this.choice === "none") return;
    this.drop();
    this.polite.textContent = "";
    this.give(this.assertive, text);
  }
  // A point that somebody has gone to, once it has sounded.
  point({ text, short }, isEvent, seconds) {
    if (this.choice === "none" || (this.choice === "events" && !isEvent)) return;
    this.answer(this.choice === "full" ? text : short, seconds);
  }
  // What was asked for, whatever the choice; after the tones that answer, too.
  answer(text, seconds = 0) {
    this.drop();
    if (seconds > 0) this.answering = setTimeout(() => this.give(this.polite, text), 1000 * seconds);
    else this.give(this.polite, text);
  }
  drop() {
    this.waiting = null;
    clearTimeout(this.timer);
    clearTimeout(this.answering);
  }

  // --- When ------------------------------------------------------------------------------
  // Tones sound from now on for so many seconds.
  tones(seconds) {
    const now = clock();
    this.pace = now - this.tonesAt; // endless for the first ones
    this.tonesAt = now;
    this.length = seconds;
    this.quietAt = Math.max(this.quietAt, now + seconds);
    this.heard = FADING * this.heard + seconds;
    this.covered = FADING * this.covered + Math.max(Math.min(now + seconds, this.freeAt) - now, 0);
    this.consider();
  }
  consider() {
    clearTimeout(this.timer);
    if (!this.waiting) return;
    const now = clock();
    const again = (at) => (this.timer = setTimeout(() => this.consider(), 1000 * (at - now) + 1));
    const { lines, isEvent, after } = this.waiting;
    const free = Math.max(this.freeAt, after);
    if (now < free) return again(free);
    const shortest = lines.at(-1);
    const isLate = now >= this.expectedUntil(shortest);
    const line = lines.find((each) => this.fits(each, now)) ?? (isEvent || isLate ? shortest : null);
    if (line === null) return again(this.expectedUntil(shortest));
    this.waiting = null;
    this.give(this.polite, line);
  }
  expectedUntil(line) {
    return this.tonesAt + (Number.isFinite(this.pace) ? PATIENCE * this.pace : secondsOf(line));
  }
  // Whether words leave the tones that will come free enough.
  fits(line, now) {
    // Nobody knows yet how soon they come, or whether there are any.
    if (!Number.isFinite(this.pace)) return now >= this.expectedUntil(line);
    const end = now + secondsOf(line);
    let covered = Math.max(this.quietAt - now, 0);
    for (let at = this.tonesAt + this.pace; at < end; at += this.pace) {
      covered += Math.min(this.length, end - at);
    }
    return this.covered + covered <= SHARE * this.heard || covered === 0;
  }
  give(region, text) {
    const now = clock();
    const spoken = aloud(text);
    // The same text twice would not be spoken again.
    region.textContent = region.textContent === spoken ? `${spoken}\u00a0` : spoken;
    this.freeAt = now + secondsOf(spoken);
    this.covered += Math.max(Math.min(this.quietAt, this.freeAt) - now, 0);
    // It has been spoken: whoever reads on in the page does not come across it again.
    clearTimeout(region.emptying);
    region.emptying = setTimeout(() => (region.textContent = ""), 1000 * secondsOf(spoken) + 2000);
  }
}

