// Sound that was rendered elsewhere: decoded, begun and ended without a click.

const decode = (context, flac) =>
  context.decodeAudioData(Uint8Array.from(atob(flac), (c) => c.charCodeAt(0)).buffer);

// Plays a part of a buffer, from and to in seconds, and says when it begins and ends.
const begin = (context, buffer, output, at, [from, to] = [0, buffer.duration]) => {
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

