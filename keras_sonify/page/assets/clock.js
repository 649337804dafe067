// How a training gets on in time, in a line that nobody is read aloud: its words are so
// round that they seldom change.

const MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400;
const many = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;
const roughly = (seconds) => {
  if (seconds < 10) return "a few seconds";
  if (seconds < MINUTE_S) return `${10 * Math.floor(seconds / 10)} seconds`;
  if (seconds < 2 * HOUR_S) return many(Math.floor(seconds / MINUTE_S), "minute");
  if (seconds < 2 * DAY_S) return `${Math.floor((10 * seconds) / HOUR_S) / 10} hours`;
  return many(Math.floor(seconds / DAY_S), "day");
};
const pace = (seconds, unit) => {
  if (seconds < 1) return `${Number((1 / seconds).toPrecision(2))} ${unit}s a second`;
  if (seconds < MINUTE_S) return `${many(Number(seconds.toPrecision(2)), "second")} ${unit === "epoch" ? "an" : "a"} ${unit}`;
  return `${roughly(seconds)} ${unit === "epoch" ? "an" : "a"} ${unit}`;
};

const remaining = (seconds) => (seconds < 10 ? "A few seconds left." : `About ${roughly(seconds)} left.`);

class RunClock {
  constructor() {
    this.line = make("p", "ks-clock");
    this.ticking = setInterval(() => this.tick(), 1000);
  }
  // `clock`: in seconds, as it was when it was sent, `age` seconds before it came.
  show({ clock, unit, ended, age = 0 }) {
    this.clock = clock;
    this.unit = unit;
    this.ended = ended;
    this.sent = performance.now() / 1000 - age;
    this.tick();
  }
  tick() {
    if (!this.clock) return;
    const { so_far, since, each, left } = this.clock;
    const now = this.ended ? 0 : performance.now() / 1000 - this.sent;
    const told = [];
    if (since !== null) told.push(`Latest ${this.unit} ${roughly(since + now)} ago.`);
    if (so_far !== null && since !== null) told.push(`Running for ${roughly(so_far + now)}.`);
    if (so_far !== null && this.ended) told.push(`It took ${roughly(so_far)}.`);
    if (each) told.push(`${pace(each, this.unit)}.`);
    if (left !== null) told.push(remaining(Math.max(left - now, 0)));
    const text = told.join(" ");
    if (this.line.textContent !== text) this.line.textContent = text;
  }
  close() {
    clearInterval(this.ticking);
  }
}

