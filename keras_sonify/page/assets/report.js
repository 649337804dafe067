// The run's page: plays what was rendered, moves the playhead, steps through epochs.
"use strict";
(() => {
  const run = JSON.parse(document.getElementById("run").textContent);
  const byId = (id) => document.getElementById(id);
  const audio = byId("audio"), play = byId("play"), slider = byId("step");
  const svg = document.querySelector("svg.ks-curves");
  const rows = document.querySelectorAll("tbody tr");
  let track = run.tracks[0];
  let step = 0;

  // What a screen reader speaks. The same text twice would not be spoken again.
  const say = (text) => {
    const said = byId("said");
    said.textContent = said.textContent === text ? text + "\u00a0" : text;
  };

  // --- The playhead ---------------------------------------------------------------
  const geometry = svg && {
    left: Number(svg.dataset.left),
    width: Number(svg.dataset.right) - Number(svg.dataset.left),
    line: svg.querySelector(".playhead"),
  };
  // Position in the run, in epochs: 0 is the beginning of the first one.
  const showPlayhead = (position) => {
    if (!geometry) return;
    const x = geometry.left + (position / run.epochs) * geometry.width;
    geometry.line.setAttribute("x1", x);
    geometry.line.setAttribute("x2", x);
    geometry.line.setAttribute("visibility", "visible");
  };
  const positionAt = (seconds) => {
    const part = track.parts.find(([, end]) => seconds < end) || track.parts.at(-1);
    const share = (seconds - part[0]) / (part[1] - part[0]);
    return Math.min(Math.max(share, 0), 1) * run.epochs;
  };
  const secondsAt = (position) => {
    const [start, end] = track.parts[0];
    return start + (position / run.epochs) * (end - start);
  };
  const stepAt = (position) => {
    let nearest = 0;
    run.steps.forEach((each, index) => {
      if (Math.abs(each.place + 0.5 - position) < Math.abs(run.steps[nearest].place + 0.5 - position)) nearest = index;
    });
    return nearest;
  };
  const showStep = (index) => {
    rows[step]?.classList.remove("current");
    step = index;
    rows[step]?.classList.add("current");
    slider.value = step;
    slider.setAttribute("aria-valuetext", run.steps[step].line);
    byId("now").textContent = run.steps[step].line;
  };
  const showPosition = (position) => {
    showPlayhead(position);
    const index = stepAt(position);
    if (index !== step) showStep(index);
  };
  let frame = 0;
  const follow = () => {
    if (audio.paused) return; // whoever paused it says where the playhead belongs
    showPosition(positionAt(audio.currentTime));
    frame = requestAnimationFrame(follow);
  };

  // --- The whole run, or one voice of it -------------------------------------------
  const start = () => {
    // To be paused, or to be given another track, before it sounds is no trouble.
    audio.play().catch((error) => {
      if (error.name !== "AbortError") say(`This browser does not play it: ${error.message}`);
    });
  };
  audio.addEventListener("play", () => {
    play.textContent = "Pause";
    hush();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(follow);
  });
  audio.addEventListener("pause", () => {
    play.textContent = "Play";
  });
  audio.addEventListener("ended", () => {
    showPosition(run.epochs);
    say("Played to the end.");
  });
  play.addEventListener("click", () => {
    if (audio.paused) start();
    else {
      audio.pause();
      showPosition(positionAt(audio.currentTime));
      say(`Paused. ${run.steps[step].line}`);
    }
  });
  byId("track").addEventListener("change", (event) => {
    const hasBegun = audio.currentTime > 0 && !audio.ended;
    const position = positionAt(audio.currentTime);
    const wasPlaying = !audio.paused;
    const index = Number(event.target.value);
    hush();
    track = run.tracks[index];
    audio.src = index === 0 ? whole : `data:audio/flac;base64,${byId(`track-${index}`).textContent}`;
    if (hasBegun) audio.currentTime = secondsAt(position);
    svg?.querySelectorAll("[data-metric]").forEach((line) => {
      line.classList.toggle("other", index > 0 && !track.metrics.includes(line.dataset.metric));
    });
    if (wasPlaying) start();
    const note = track.condensed && track.metrics.length === 1 ? " Several epochs share a tone; its own file has them all." : "";
    say(`Now hearing: ${track.label}.${note}`);
  });
  byId("speed").addEventListener("change", (event) => {
    audio.defaultPlaybackRate = audio.playbackRate = Number(event.target.value);
  });
  const whole = audio.getAttribute("src");

  // --- One epoch after the other ---------------------------------------------------
  let context = null;
  let cue = null; // that sounds
  const buffers = new Map();
  const hush = () => {
    if (!cue) return;
    const now = context.currentTime;
    cue.volume.gain.setTargetAtTime(0, now, 0.004); // at once would click
    cue.sources.forEach((source) => source.stop(now + 0.03));
    cue = null;
  };
  const bufferOf = (index) => {
    if (!buffers.has(index)) {
      const bytes = Uint8Array.from(atob(byId(`cue-${index}`).textContent), (c) => c.charCodeAt(0));
      buffers.set(index, context.decodeAudioData(bytes.buffer));
    }
    return buffers.get(index);
  };
  // Of a cue, only what belongs to the chosen track sounds.
  const windowsOf = (index, length) => {
    if (!track.stepped) return [[0, length]];
    const { windows } = run.steps[index];
    return track.stepped.filter((name) => Object.hasOwn(windows, name)).map((name) => windows[name]);
  };
  const playStep = async () => {
    context ??= new AudioContext();
    context.resume();
    const index = step;
    hush();
    if (!byId(`cue-${index}`).textContent) return;
    const buffer = await bufferOf(index);
    if (index !== step || !audio.paused) return;
    hush();
    const volume = context.createGain();
    volume.connect(context.destination);
    cue = { volume, sources: [] };
    let at = context.currentTime + 0.05; // what was hushed is silent by then
    for (const [start, end] of windowsOf(index, buffer.duration)) {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(volume);
      // Between two samples it would be interpolated: see the Web Audio specification.
      at = Math.ceil(at * context.sampleRate) / context.sampleRate;
      source.start(at, start, end - start);
      at += end - start + 0.06;
      cue.sources.push(source);
    }
  };
  const goTo = (index, { spoken }) => {
    audio.pause();
    showStep(Math.min(Math.max(index, 0), run.steps.length - 1));
    const { place, line } = run.steps[step];
    audio.currentTime = secondsAt(place + 0.01); // on its side of the border
    showPlayhead(place + 0.5);
    // A slider speaks for itself.
    if (spoken) say(line);
    playStep();
  };
  byId("first").addEventListener("click", () => goTo(0, { spoken: true }));
  byId("previous").addEventListener("click", () => goTo(step - 1, { spoken: true }));
  byId("again").addEventListener("click", () => goTo(step, { spoken: true }));
  byId("next").addEventListener("click", () => goTo(step + 1, { spoken: true }));
  byId("last").addEventListener("click", () => goTo(run.steps.length - 1, { spoken: true }));
  slider.addEventListener("input", () => goTo(Number(slider.value), { spoken: false }));
  document.querySelectorAll("#happened [data-step]").forEach((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = item.textContent;
    button.addEventListener("click", () => goTo(Number(item.dataset.step), { spoken: true }));
    item.replaceChildren(button);
  });
  svg?.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    goTo(stepAt(((at.x - geometry.left) / geometry.width) * run.epochs), { spoken: true });
  });

  audio.controls = false;
  byId("controls").hidden = false;
  showStep(0);
})();
