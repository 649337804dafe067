// The notebook's widget: one stream of cues a model, however many views show it.

const pageSpeaker = () => (globalThis.kerasSonifySpeaker ??= new Speaker());

// Also one for a notebook, whatever is shown of how many trainings.
const pageVoice = () => (globalThis.kerasSonifyVoice ??= new Voice(SPEECH));

export default {
  initialize({ model }) {
    // The end of a training is told when a plain player has taken the last view's place.
    const voice = pageVoice();
    const hear = (cue) => voice.cue(cue, pageSpeaker().play(cue));
    model.on("msg:custom", hear);
    return () => model.off("msg:custom", hear);
  },
  render({ model, el }) {
    const root = make("div");
    el.append(root);
    for (const late of document.querySelectorAll(".ks-late")) late.hidden = true; // cell.py
    const board = new LiveBoard(root, pageSpeaker(), pageVoice(), { isPage: false });
    const show = () => board.show(model.get("state"));
    const learn = () => {
      board.greeting = model.get("greeting");
    };
    const tell = (cue) => board.cue(cue);
    model.on("change:state", show);
    model.on("change:greeting", learn);
    model.on("msg:custom", tell);
    show();
    learn();
    return () => {
      model.off("change:state", show);
      model.off("change:greeting", learn);
      model.off("msg:custom", tell);
      board.close();
    };
  },
};
