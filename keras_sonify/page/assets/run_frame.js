// The run's page, which the live page becomes when its training has ended. It stands in a
// frame, so that this page goes on listening, with sound enabled, for the next training.

class RunFrame {
  // `frame`: where it is shown; `save`: the paragraph with the link to keep it.
  constructor(frame, save) {
    this.frame = frame;
    this.save = save;
    this.link = save.querySelector("a");
    this.length = null; // how long the run is that it shows
    this.frame.addEventListener("load", () => {
      const page = this.frame.contentDocument.documentElement;
      this.fitting?.disconnect();
      this.fitting = new ResizeObserver(() => {
        this.frame.style.height = `${Math.ceil(page.getBoundingClientRect().height)}px`;
      });
      this.fitting.observe(page);
    });
  }
  // Returns whether there is such a page.
  async show({ length, name }) {
    if (this.length === length) return true;
    const answer = await fetch("run" + location.search);
    if (!answer.ok) return false;
    const html = await answer.text();
    this.length = length;
    this.frame.srcdoc = html;
    // From here, not from the server: that may have gone when it is pressed.
    this.link.href = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    this.link.download = `${(name || "training").replace(/[^\w.-]+/g, "-")}.html`;
    this.frame.hidden = this.save.hidden = false;
    return true;
  }
  hide() {
    if (this.length === null) return;
    this.length = null;
    this.frame.hidden = this.save.hidden = true;
    this.frame.srcdoc = "";
    URL.revokeObjectURL(this.link.href);
  }
}

