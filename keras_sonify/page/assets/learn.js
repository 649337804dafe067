// Examples to be heard, then questions: one at a time, as often as one likes.

const byId = (id) => document.getElementById(id);
const { seed, has_feedback, version, questions } = JSON.parse(byId("data").textContent);
const quiz = byId("quiz"), choices = byId("choices"), told = byId("told");
const answers = [];
let plays = 0;

let stream = null;
let sounding = null;
const play = async (id) => {
  stream ??= new Stream();
  const { context } = stream;
  context.resume();
  if (sounding) hush(sounding.volume, [sounding.sound]);
  const asked = (sounding = null);
  const buffer = await decode(context, byId(id).textContent);
  if (sounding !== asked) return; // something else was asked for meanwhile
  const volume = context.createGain();
  volume.connect(context.destination);
  sounding = { volume, sound: stream.play(buffer, volume, context.currentTime + HUSH_S) };
};

document.querySelectorAll("#lessons button").forEach((button, index) => {
  button.addEventListener("click", () => play(`example-${index}`));
});

// --- The questions ------------------------------------------------------------------
const show = () => {
  const { asked, choices: all } = questions[answers.length];
  plays = 0;
  byId("asked").textContent = `Question ${answers.length + 1} of ${questions.length}: ${asked}`;
  choices.querySelectorAll("label").forEach((label) => label.remove());
  all.forEach((choice, index) => {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "choice", value: index });
    label.append(input, choice);
    choices.append(label);
  });
};
const count = (some) => `${some.filter(({ is_right }) => is_right).length} of ${some.length}`;
const end = () => {
  const topics = [...new Set(answers.map(({ topic }) => topic))];
  const parts = topics.map((topic) => `${topic}: ${count(answers.filter((answer) => answer.topic === topic))}`);
  const by_chance = answers.reduce((sum, { choices: all }) => sum + 1 / all.length, 0);
  const guessed = `By guessing it would be about ${Math.round(by_chance)}.`;
  told.textContent += ` ${count(answers)} right. ${guessed} In parts: ${parts.join("; ")}.`;
  const score = answers.filter(({ is_right }) => is_right).length;
  const result = {
    keras_sonify: version, seed, questions: questions.length, answered: answers.length, score, by_chance, answers,
  };
  const file = new Blob([JSON.stringify(result, null, 2)], { type: "application/json" });
  byId("save").href = URL.createObjectURL(file);
  quiz.hidden = true;
  byId("end").hidden = false;
  byId("save").focus();
};
byId("hear").addEventListener("click", () => {
  plays += 1;
  play(`question-${answers.length}`);
});
quiz.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = choices.querySelector("input:checked");
  if (!plays) told.textContent = "Hear it first.";
  else if (!chosen) told.textContent = "Choose one of the answers.";
  if (!plays || !chosen) return;
  const { topic, choices: all, right } = questions[answers.length];
  const given = Number(chosen.value);
  const is_right = given === right;
  answers.push({ topic, choices: all, right: all[right], answer: all[given], is_right, plays });
  told.textContent = !has_feedback ? "" : is_right ? "Right." : `No: ${all[right]}.`;
  byId("stop").hidden = false;
  if (answers.length === questions.length) return end();
  show();
  byId("hear").focus();
});
byId("stop").addEventListener("click", () => {
  told.textContent = "Ended.";
  end();
});
show();
quiz.hidden = false;
