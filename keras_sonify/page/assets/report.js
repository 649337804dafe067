// The run's page: plays what was rendered, moves the playhead, steps through its points.

const byId = (id) => document.getElementById(id);
const run = JSON.parse(byId("run").textContent); // its state, and what can be played
const audio = byId("audio"), play = byId("play"), slider = byId("step");
const rows = document.querySelectorAll("tbody tr");
const whole = audio.getAttribute("src");
const board = new Board({
  status: byId("status"),
  now: byId("now"),
  picture: byId("curves"),
  events: document.querySelector("#happened ol"),
});
// Whoever steps has asked to be told; a choice of its own, beside that of live pages.
const voice = new Voice({ usual: "short", key: "keras-sonify-steps-speech" });
byId("speech").append(voice.select(run.unit));
let track = run.tracks[0];
let step = 0;

// --- The cue of one point ----------------------------------------------------------
let stream = null;
let cue = null; // that sounds
const open = () => {
  stream ??= new Stream();
  stream.context.resume();
  return stream.context;
};
const buffers = new Map();
const hushCue = () => {
  if (cue) hush(cue.volume, cue.sounds);
  cue = null;
};
const bufferOf = (index) => {
  if (!buffers.has(index)) buffers.set(index, decode(stream.context, byId(`cue-${index}`).textContent));
  return buffers.get(index);
};
// Of a cue, only what belongs to the chosen track sounds.
const windowsOf = (index, length) => {
  if (!track.stepped) return [[0, length]];
  const { windows } = run.points[index];
  return track.stepped.filter((name) => Object.hasOwn(windows, name)).map((name) => windows[name]);
};
// Returns how many seconds are left then until it has sounded.
const playStep = async () => {
  const context = open();
  const index = step;
  hushCue();
  if (!byId(`cue-${index}`).textContent) return 0;
  const buffer = await bufferOf(index);
  if (index !== step || !audio.paused) return 0;
  hushCue();
  const volume = context.createGain();
  volume.connect(context.destination);
  cue = { volume, sounds: [] };
  let at = context.currentTime + HUSH_S; // what was hushed is silent by then
  for (const part of windowsOf(index, buffer.duration)) {
    const sound = stream.play(buffer, volume, at, part);
    cue.sounds.push(sound);
    at = sound.end + 0.06;
  }
  return at - context.currentTime;
};

// --- Where it is: on the axis, from the beginning of its first place --------------------
// Points sound equally long, and end at their edges, however far those are apart.
const along = (place, edges) => {
  const before = Math.min(Math.floor(place), edges.length - 2);
  return edges[before] + (place - before) * (edges[before + 1] - edges[before]);
};
const positionAt = (seconds) => {
  const part = track.parts.find(([, end]) => seconds < end) || track.parts.at(-1);
  const share = (seconds - part[0]) / (part[1] - part[0]);
  return along(Math.min(Math.max(share, 0), 1) * (track.edges.length - 1), track.edges);
};
const secondsAt = (position) => {
  const [start, end] = track.parts[0];
  const { edges } = track;
  const found = edges.findIndex((edge) => edge > position);
  const after = found > 0 ? found : edges.length - 1;
  const share = (position - edges[after - 1]) / (edges[after] - edges[after - 1] || 1);
  return start + ((after - 1 + share) / (edges.length - 1)) * (end - start);
};
const stepAt = (position) => {
  const distance = ({ place }) => Math.abs(place + 0.5 - position);
  return run.points.reduce((best, each, index) => (distance(each) < distance(run.points[best]) ? index : best), 0);
};
const mark = (row, isCurrent) => {
  row?.classList.toggle("current", isCurrent);
  if (isCurrent) row?.setAttribute("aria-current", "true");
  else row?.removeAttribute("aria-current");
};
const showStep = (index) => {
  mark(rows[step], false);
  step = index;
  mark(rows[step], true);
  slider.value = step;
  slider.setAttribute("aria-valuetext", run.points[step].short.split(":")[0]); // the voice tells the rest
  board.tell(run.points[step].text);
};
const showPosition = (position) => {
  board.moveTo(position);
  const index = stepAt(position);
  if (index !== step) showStep(index);
};
let frame = 0;
const follow = () => {
  if (audio.paused) return; // whoever paused it says where the playhead belongs
  showPosition(positionAt(audio.currentTime));
  frame = requestAnimationFrame(follow);
};

// --- The whole run, or one voice of it ---------------------------------------------
// It is no part of the stream, but goes to the same device: that is woken first.
const SOONER_S = 0.05; // than what is in a stream: it comes less after its time
let waking = 0;
const playAll = () => {
  waking = 0;
  // To be paused, or to be given another track, before it sounds is no trouble.
  audio.play().catch((error) => {
    if (error.name !== "AbortError") voice.answer(`This browser does not play it: ${error.message}`);
  });
};
const start = ({ hasWaited } = {}) => {
  clearTimeout(waking);
  hushCue();
  voice.drop();
  const now = open().currentTime;
  const seconds = stream.wake(now) - now;
  playAll();
  if (seconds <= 0 || (hasWaited && !stream.isRunning)) return;
  // Begun all the same: some browsers allow it only right after a click.
  audio.pause();
  waking = setTimeout(start, 1000 * (seconds + SOONER_S), { hasWaited: true });
  label();
};
const pause = () => {
  clearTimeout(waking);
  waking = 0;
  audio.pause();
  label();
};
const label = () => {
  play.textContent = audio.paused && !waking ? "Play" : "Pause";
};
audio.addEventListener("timeupdate", () => {
  if (!audio.paused) stream?.sounds(stream.context.currentTime);
});
audio.addEventListener("play", () => {
  label();
  hushCue();
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(follow);
});
audio.addEventListener("pause", label);
audio.addEventListener("ended", () => {
  showPosition(run.length);
  voice.answer("Played to the end.");
});
play.addEventListener("click", () => {
  if (audio.paused && !waking) start();
  else {
    pause();
    showPosition(positionAt(audio.currentTime));
    voice.answer(`Paused. ${run.points[step].short}`);
  }
});
byId("track").addEventListener("change", (event) => {
  const hasBegun = audio.currentTime > 0 && !audio.ended;
  const position = positionAt(audio.currentTime);
  const wasPlaying = !audio.paused || waking;
  const index = Number(event.target.value);
  hushCue();
  track = run.tracks[index];
  audio.src = index === 0 ? whole : `data:audio/flac;base64,${byId(`track-${index}`).textContent}`;
  if (hasBegun) audio.currentTime = secondsAt(position);
  board.front((metric) => index === 0 || track.metrics.includes(metric));
  if (wasPlaying) start();
  voice.answer(`Now hearing: ${track.label}.${track.note}`);
});
byId("speed").addEventListener("change", (event) => {
  audio.defaultPlaybackRate = audio.playbackRate = Number(event.target.value);
});

// --- One point after the other -----------------------------------------------------
const AFTER_S = 0.2; // that tones come after their time
const goTo = async (index) => {
  pause();
  voice.drop();
  const last = run.points.length - 1;
  const edge = index > last ? `Last ${run.unit}. ` : index < 0 ? `First ${run.unit}. ` : "";
  showStep(Math.min(Math.max(index, 0), last));
  const point = run.points[step];
  audio.currentTime = secondsAt(point.place + 0.01); // on its side of the border
  board.moveTo(point.place + 0.5);
  const turn = (goTo.turn = {}); // what is left behind is not spoken
  const seconds = AFTER_S + (await playStep().catch(() => 0));
  if (turn !== goTo.turn || !audio.paused || waking) return;
  const isEvent = run.events.some(({ place }) => place === point.place);
  if (edge) voice.answer(edge + point.short, seconds);
  else voice.point(point, isEvent, seconds);
};
const steps = { first: () => 0, previous: () => step - 1, again: () => step, next: () => step + 1, last: () => run.points.length - 1, best: () => stepAt(run.best + 0.5) };
for (const [id, index] of Object.entries(steps)) {
  byId(id).addEventListener("click", () => goTo(index()));
}
const eventSteps = () => run.events.map(({ place }) => stepOf.get(place)).filter((index) => index !== undefined);
byId("next-event").addEventListener("click", () => {
  const later = eventSteps().filter((index) => index > step);
  if (later.length) goTo(Math.min(...later));
  else voice.answer("No later event.");
});
slider.addEventListener("input", () => goTo(Number(slider.value)));
board.svg.addEventListener("click", (event) => goTo(stepAt(board.positionUnder(event))));

const stepOf = new Map(run.points.map(({ place }, index) => [place, index]));
board.show(run, (place) => stepOf.has(place) && (() => goTo(stepOf.get(place))));
audio.controls = false;
byId("controls").hidden = byId("telling").hidden = false;
showStep(0);

// --- Keys ---------------------------------------------------------------------------
const tellMe = () => {
  board.tell(run.said);
  voice.answer(run.said);
};
byId("tell").addEventListener("click", tellMe);
const pressing = { play: "play", next: "next", previous: "previous", best: "best", event: "next-event", again: "again" };
const actions = { tell: tellMe };
for (const [name, id] of Object.entries(pressing)) if (!byId(id).hidden) actions[name] = () => byId(id).click();
// Of runs that are compared, one or the other is heard, from where one is.
const hear = (index) => {
  const isStepping = audio.paused && !waking;
  byId("track").value = index;
  byId("track").dispatchEvent(new Event("change"));
  if (isStepping) goTo(step);
};
if (run.pair.length) [actions.one, actions.other] = run.pair.map((index) => () => hear(index));
const keys = new Keys(actions, { unit: run.unit, isPage: true });
byId("keys").append(keys.menu, keys.dialog);
