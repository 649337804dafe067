// The live page: listens to the server's events, and comes back by itself.

const DEAD_MS = 40000; // the server gives a sign of life every 15 s
const SOON_MS = 500;
const AGAIN_MS = 3000; // a training may be started again at the same address
const LOST = "Connection lost. Connecting again.";
const ENDED = "The training's program has ended. Waiting for the next one.";
const speaker = new Speaker();
const SETTLE_MS = 3000; // after a run's end: another may begin
const root = document.getElementById("board");
const frame = new RunFrame(document.getElementById("run"), document.getElementById("save"));
const voice = new Voice(SPEECH);
const board = new LiveBoard(root, speaker, voice, { isPage: true });
board.show({ unit: root.dataset.unit }); // until something is known
const heading = document.getElementById("name");
let watchdog;
let over = ""; // how it ended, in words, if it has
let isLost = false; // the connection, as a screen reader was told
let run = {}; // what is known of it
let settling;

// The run is over: this becomes its page, unless another begins.
const settle = (wait) => {
  clearTimeout(settling);
  settling = setTimeout(async () => {
    const isOver = await frame.show(run).catch(() => false); // the server has gone
    root.classList.toggle("ks-over", isOver);
  }, wait);
};
const goOn = () => {
  clearTimeout(settling);
  frame.hide();
  root.classList.remove("ks-over");
};

const connect = () => {
  // Relative, with the token of this page: also right behind a proxy.
  const events = new EventSource("events" + location.search);
  const again = (text, wait) => {
    events.close();
    clearTimeout(watchdog);
    board.connected(text);
    if (text === LOST && !isLost) voice.notice(text); // that it is over is told as a cue
    isLost = isLost || text === LOST;
    setTimeout(connect, wait);
  };
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => again(LOST, 0), DEAD_MS);
  };
  const on = (kind, act) =>
    events.addEventListener(kind, (event) => {
      alive();
      act(event.data && JSON.parse(event.data));
    });
  on("ping", () => {});
  on("state", (state) => {
    over = "";
    board.connected("Connected.");
    if (isLost) voice.notice("Connected.");
    isLost = false;
    run = state;
    const { title = "Hear a training", name, ended, length } = state;
    const told = name ? `${title}: ${name}` : title;
    if (document.title !== told) document.title = told;
    heading.textContent = name || "Hear a training";
    board.show(state);
    if (length !== frame.length) goOn();
    if (ended) settle(SETTLE_MS);
  });
  on("greeting", (greeting) => {
    board.greeting = greeting;
  });
  on("cue", (cue) => {
    voice.cue(cue, speaker.play(cue));
    board.cue(cue);
  });
  on("died", (sentence) => {
    over = `${sentence} Waiting for the next one.`;
    document.title = sentence;
    board.connected(over);
  });
  on("over", () => {
    over ||= ENDED;
    board.connected(over);
    settle(0);
  });
  on("bye", () => {
    over ||= ENDED;
    again(over, AGAIN_MS);
  });
  events.onerror = () => again(over || LOST, over ? AGAIN_MS : SOON_MS);
  alive();
};
board.connected("Connecting.");
connect();
