// The notebook's widget: one stream of cues a model, however many views show it.

const pageSpeaker = () => (globalThis.kerasSonifySpeaker ??= new Speaker());

// The end of a training is told when a plain player has taken the last view's place.
const views = new Map();
const announce = (text) => {
  let region = document.getElementById("keras-sonify-said");
  if (!region) {
    region = make("p");
    region.id = "keras-sonify-said";
    region.setAttribute("role", "status");
    region.style = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)";
    document.body.append(region);
  }
  // What a region holds when it comes is not spoken, only what changes in it.
  setTimeout(() => say(region, text), 100);
};

export default {
  initialize({ model }) {
    const hear = (cue) => {
      pageSpeaker().play(cue);
      if (!views.get(model) && cue.said) announce(cue.said);
    };
    model.on("msg:custom", hear);
    return () => model.off("msg:custom", hear);
  },
  render({ model, el }) {
    const root = make("div");
    el.append(root);
    const board = new LiveBoard(root, pageSpeaker());
    const show = () => board.show(model.get("state"));
    const learn = () => {
      board.greeting = model.get("greeting");
    };
    const tell = (cue) => board.cue(cue);
    model.on("change:state", show);
    model.on("change:greeting", learn);
    model.on("msg:custom", tell);
    views.set(model, (views.get(model) ?? 0) + 1);
    show();
    learn();
    return () => {
      model.off("change:state", show);
      model.off("change:greeting", learn);
      model.off("msg:custom", tell);
      views.set(model, views.get(model) - 1);
      board.close();
    };
  },
};
