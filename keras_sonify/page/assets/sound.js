// Sound that was rendered elsewhere: decoded, begun and ended without a click.

const decode = (context, flac) =>
  context.decodeAudioData(Uint8Array.from(atob(flac), (c) => c.charCodeAt(0)).buffer);

// The way to the loudspeaker. Bluetooth, HDMI and what saves power swallow up to a second
// of what comes first on a stream that was just opened: there a lead-in of next to nothing
// comes before the first sound, as the loudspeaker's process has it (sound/lead_in.py).
const LEAD_IN_S = 1;
const LEAD_IN_PEAK = 4e-4; // a noise at -67 LUFS: digital silence wakes some devices not at all
const OPENING_S = 0.15; // of which a stream that was just opened plays nothing
const SLACK_S = 0.05; // a browser that is short of time swallows some of it
const OPEN_S = 25; // Chromium closes a stream after 30 s of silence, though it is said to run

class Stream {
  constructor(options) {
    this.context = new AudioContext(options);
    this.awakeAt = 0; // by the context's clock: what comes later is heard
    this.closesAt = -Infinity;
    this.context.addEventListener("statechange", () => {
      if (!this.isRunning) this.closesAt = -Infinity; // when it runs again, it is as new
    });
  }
  get isRunning() {
    return this.context.state === "running";
  }
  // Returns when a sound may begin that is to begin at a time: after a lead-in, if need be.
  wake(at) {
    if (at > this.closesAt) {
      const { sampleRate, destination } = this.context;
      const noise = this.context.createBuffer(1, LEAD_IN_S * sampleRate, sampleRate);
      const samples = noise.getChannelData(0);
      samples.forEach((_, index) => (samples[index] = LEAD_IN_PEAK * (2 * Math.random() - 1)));
      this.awakeAt = begin(noise, destination, at + OPENING_S).end + SLACK_S;
      this.sounds(this.awakeAt);
    }
    return Math.max(at, this.awakeAt);
  }
  // Something sounds until then.
  sounds(until) {
    this.closesAt = Math.max(this.closesAt, until + OPEN_S);
  }
  // Plays a part of a buffer when it is heard from its beginning.
  play(buffer, output, at, part) {
    const sound = begin(buffer, output, this.wake(at), part);
    this.sounds(sound.end);
    return sound;
  }
}

// Plays a part of a buffer, from and to in seconds, and says when it begins and ends.
const begin = (buffer, output, at, [from, to] = [0, buffer.duration]) => {
  const { context } = output;
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(output);
  // Between two samples it would be interpolated: see the Web Audio specification.
  const start = Math.ceil(at * context.sampleRate) / context.sampleRate;
  source.start(start, from, to - from);
  return { source, start, end: start + to - from };
};

// Ends what sounds through a volume: at once would click.
const HUSH_S = 0.05;
const hush = (volume, sounds) => {
  const now = volume.context.currentTime;
  volume.gain.setTargetAtTime(0, now, HUSH_S / 10);
  sounds.forEach(({ source }) => source.stop(now + HUSH_S));
};

