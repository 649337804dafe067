// Shows the state of a run, in whatever page. It holds
//   status: how far the training is, in words
//   said: how it stands, in one sentence
//   ended: whether it is over
//   unit: what it counts: epoch or step
//   length: how many there have been
//   svg: the curves; empty if there are none, absent where the page holds them already
//   events: what happened, [{ number, place, text }]; the number is that of its mark
//   points: its points in words, [{ place, text, short }]
// in which a place counts from 0, along the axis.

const make = (tag, className = "", text = "") =>
  Object.assign(document.createElement(tag), { className, textContent: text });

class Board {
  // Where it is shown: `now`, `picture`, and `status` and the lists `events` and
  // `points`, of which a page may lack any.
  constructor(parts) {
    this.parts = parts;
    this.look();
  }
  // `lead`: returns what happens when an event of some place is pressed, if anything.
  show(state, lead = () => {}) {
    const { status, picture, events, points } = this.parts;
    if (status) status.textContent = state.status;
    this.list(events, state.events, lead);
    this.list(points, state.points, () => {});
    if (state.svg === undefined) return;
    // As XML: what is no picture cannot become one, nor anything else.
    const parsed = state.svg && new DOMParser().parseFromString(state.svg, "image/svg+xml").documentElement;
    picture.replaceChildren(...(parsed ? [document.importNode(parsed, true)] : []));
    this.look();
  }
  list(list, entries, lead) {
    const lines = entries.length ? entries : [{ text: list?.dataset.empty }];
    list?.replaceChildren(
      ...lines.map(({ number, place, text }) => {
        const item = make("li");
        if (number) item.value = number;
        const act = lead(place);
        if (act) {
          const button = make("button", "", text);
          button.type = "button";
          button.addEventListener("click", act);
          item.append(button);
        } else item.textContent = text;
        return item;
      }),
    );
  }
  tell(text) {
    this.parts.now.textContent = text;
  }

  // Positions along the curves: 0 is the beginning of the first place.
  look() {
    this.svg = this.parts.picture.querySelector("svg");
    if (!this.svg) return;
    this.length = Number(this.svg.dataset.length); // in places
    this.playhead = this.svg.querySelector(".playhead");
  }
  moveTo(position) {
    const x = `${(100 * position) / this.length}%`;
    this.playhead.setAttribute("x1", x);
    this.playhead.setAttribute("x2", x);
    this.playhead.setAttribute("visibility", "visible");
  }
  positionUnder({ clientX }) {
    const { left, width } = this.svg.getBoundingClientRect();
    return ((clientX - left) / width) * this.length;
  }
  // The curves of some metrics stand in front, the others step back.
  front(isInFront) {
    this.svg.querySelectorAll("[data-metric]").forEach((line) => {
      line.classList.toggle("other", !isInFront(line.dataset.metric));
    });
  }
}

