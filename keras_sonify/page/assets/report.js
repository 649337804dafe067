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
  const secondsAt = (place) => {
    const [start, end] = track.parts[0];
    return start + (place / run.epochs) * (end - start);
  };
  const stepAt = (position) => {
    let nearest = 0;
    run.steps.forEach((each, index) => {
      if (Math.abs(each.place + 0.5 - position) < Math.abs(run.steps[nearest].place + 0.5 - position)) nearest = index;
    });
    return nearest;
  };
  const showStep = (index, text) => {
    rows[step]?.classList.remove("current");
    step = index;
    rows[step]?.classList.add("current");
    slider.value = step;
    slider.setAttribute("aria-valuetext", run.steps[step].line);
    byId("now").textContent = text || run.steps[step].line;
  };
  const follow = () => {
    const position = positionAt(audio.currentTime);
    showPlayhead(position);
    const index = stepAt(position);
    if (index !== step) showStep(index);
    if (!audio.paused) requestAnimationFrame(follow);
  };

  // --- The whole run, or one voice of it -------------------------------------------
  const resting = () => {
    play.textContent = "Play";
    follow();
  };
  audio.addEventListener("play", () => {
    play.textContent = "Pause";
    hush();
    requestAnimationFrame(follow);
  });
  audio.addEventListener("pause", resting);
  audio.addEventListener("ended", () => {
    resting();
    say("Played to the end.");
  });
  play.addEventListener("click", () => {
    if (audio.paused) audio.play();
    else {
      audio.pause();
      say(`Paused. ${run.steps[step].line}`);
    }
  });
  byId("track").addEventListener("change", (event) => {
    const position = positionAt(audio.currentTime);
    const wasPlaying = !audio.paused;
    const index = Number(event.target.value);
    track = run.tracks[index];
    if (index === 0) audio.src = whole;
    else audio.src = `data:audio/flac;base64,${byId(`track-${index}`).textContent}`;
    audio.playbackRate = Number(byId("speed").value);
    audio.currentTime = audio.currentTime && secondsAt(Math.min(position, run.epochs - 1));
    svg?.querySelectorAll("[data-metric]").forEach((line) => {
      line.classList.toggle("other", index > 0 && !track.metrics.includes(line.dataset.metric));
    });
    if (wasPlaying) audio.play();
    const note = track.condensed && track.metrics.length === 1 ? " Several epochs share a tone; its own file has them all." : "";
    say(`Now hearing: ${track.label}.${note}`);
  });
  byId("speed").addEventListener("change", (event) => {
    audio.defaultPlaybackRate = audio.playbackRate = Number(event.target.value);
  });
  const whole = audio.getAttribute("src");

  // --- One epoch after the other ---------------------------------------------------
  let context = null;
  let sources = [];
  const buffers = new Map();
  const hush = () => {
    sources.forEach((source) => source.stop());
    sources = [];
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
    const windows = run.steps[index].windows;
    if (track === run.tracks[0]) return [[0, length]];
    const wanted = run.tracks.indexOf(track) <= 2 && /only$/.test(track.label)
      ? Object.keys(windows).filter((name) => run.validation.includes(name) === run.validation.includes(track.metrics[0]))
      : track.metrics;
    return wanted.filter((name) => name in windows).map((name) => windows[name]);
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
    let at = context.currentTime + 0.02;
    for (const [start, end] of windowsOf(index, buffer.duration)) {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      // Between two samples it would be interpolated: see the Web Audio specification.
      at = Math.ceil(at * context.sampleRate) / context.sampleRate;
      source.start(at, start, end - start);
      at += end - start + 0.06;
      sources.push(source);
    }
  };
  const goTo = (index, { spoken }) => {
    audio.pause();
    showStep(Math.min(Math.max(index, 0), run.steps.length - 1));
    const { place, line } = run.steps[step];
    audio.currentTime = secondsAt(place);
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
  byId("happened").addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-step]");
    if (chosen) goTo(Number(chosen.dataset.step), { spoken: true });
  });
  svg?.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    goTo(stepAt(((at.x - geometry.left) / geometry.width) * run.epochs), { spoken: true });
  });

  audio.controls = false;
  byId("controls").hidden = false;
  showStep(0);
})();
