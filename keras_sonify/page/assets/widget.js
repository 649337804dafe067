// The notebook's widget: one stream of cues a model, however many views show it.
const pageSpeaker = () => (globalThis.kerasSonifySpeaker ??= new Speaker());

export default {
  initialize({ model }) {
    const hear = (cue) => pageSpeaker().play(cue.sound);
    model.on("msg:custom", hear);
    return () => model.off("msg:custom", hear);
  },
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const board = new Board(root, pageSpeaker());
    const show = () => board.state(model.get("state"));
    const tell = (cue) => board.cue(cue);
    model.on("change:state", show);
    model.on("msg:custom", tell);
    show();
    return () => {
      model.off("change:state", show);
      model.off("msg:custom", tell);
      board.close();
    };
  },
};
