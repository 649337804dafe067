// The keys of pages: one table for all of them, of which each page has some.
//
// Single letters are what screen readers walk through a page with: those they keep for
// themselves, and no page gets them, but where the focus is in a menu (in an application,
// Orca keeps them, too). So there is a menu, of one item, which opens the list: in it all
// keys act, with a screen reader, too. On a page of our own they also act elsewhere, but in
// no field and with no other key held; in a notebook, which has keys itself, nowhere else.
// Who speaks to the computer can switch them off (WCAG 2.1.4). Whatever a key does, a button
// does, too.

const KEYS = {
  tell: { keys: ["t"], does: () => "Tell me how it stands" },
  play: { keys: [" ", "k"], does: () => "Play or pause" },
  next: { keys: ["ArrowRight", "l"], does: (unit) => `Next ${unit}` },
  previous: { keys: ["ArrowLeft", "j"], does: (unit) => `Previous ${unit}` },
  one: { keys: ["a"], does: () => "Hear the first of the two best runs" },
  other: { keys: ["b"], does: () => "Hear the second of the two best runs" },
  best: { keys: ["b"], does: (unit) => `Best ${unit}` },
  event: { keys: ["e"], does: () => "Next event" },
  again: { keys: ["h"], does: () => "Hear again" },
  mute: { keys: ["m"], does: () => "Sound on or off" },
  list: { keys: ["?"], does: () => "List of keys" },
};
const KEY_NAMES = { " ": "Space", ArrowLeft: "Left arrow", ArrowRight: "Right arrow" };
const KEYS_KEY = "keras-sonify-keys";
const FIELDS = "input, select, textarea, audio, video, dialog[open]";
const PRESSED = "button, a, summary, [role=menuitem]"; // by Space, which does nothing else
const WITH_A_SCREEN_READER =
  "With a screen reader, press Tab until you are at Keys: there they act at once. " +
  "Elsewhere it keeps letters for itself, until its focus mode is on: NVDA and Space, Orca and A, Insert and Z in JAWS.";

class Keys {
  // `actions`: what this page does, by the names of the table. `isPage`: whether the whole
  // page is ours. `menu` and `dialog` are to be put where they belong.
  constructor(actions, { unit, isPage }) {
    this.unit = unit;
    this.actions = { ...actions, list: () => this.dialog.showModal() };
    this.isOn = remembered(KEYS_KEY) !== "off";
    this.acts = new Map();
    for (const [name, { keys }] of Object.entries(KEYS)) {
      if (this.actions[name]) keys.forEach((key) => this.acts.set(key, this.actions[name]));
    }
    this.menu = make("span", "ks-keys");
    this.menu.setAttribute("role", "menu");
    this.menu.setAttribute("aria-label", "Keys");
    this.menu.dataset.lmSuppressShortcuts = "true"; // those of JupyterLab
    const item = make("button", "", "Keys: ? lists them");
    Object.assign(item, { type: "button", ariaHasPopup: "dialog", ariaLabel: "Keys: question mark lists them" });
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", this.actions.list);
    this.menu.append(item);
    this.dialog = make("dialog", "ks-dialog");
    this.dialog.setAttribute("aria-label", "Keys");
    this.fill();
    this.where = isPage ? document : this.menu;
    this.press = (event) => this.pressed(event);
    this.where.addEventListener("keydown", this.press);
  }
  close() {
    this.where.removeEventListener("keydown", this.press);
  }
  call(unit) {
    if (unit === this.unit) return;
    this.unit = unit;
    this.fill();
  }
  fill() {
    const list = make("dl");
    for (const [name, { keys, does }] of Object.entries(KEYS)) {
      if (!this.actions[name]) continue;
      list.append(make("dt", "", keys.map((key) => KEY_NAMES[key] ?? key).join(" or ")), make("dd", "", does(this.unit)));
    }
    const label = make("label", "", " Keys act");
    const box = make("input");
    Object.assign(box, { type: "checkbox", checked: this.isOn });
    box.addEventListener("change", () => {
      this.isOn = box.checked;
      remember(KEYS_KEY, this.isOn ? "on" : "off");
    });
    label.prepend(box);
    const end = make("button", "", "Close");
    end.type = "button";
    end.addEventListener("click", () => this.dialog.close());
    this.dialog.replaceChildren(make("h2", "", "Keys"), list, make("p", "", WITH_A_SCREEN_READER), label, end);
  }
  pressed(event) {
    const target = event.composedPath()[0];
    const { key } = event;
    const act = this.acts.get(key);
    if (!act || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!this.isOn && key !== "?") return; // the way to switch them on again
    if (target.isContentEditable || target.closest?.(FIELDS)) return;
    if (key === " " && target.closest?.(PRESSED)) return;
    // Arrows move what can be scrolled, where that has the focus.
    if (key.startsWith("Arrow") && target.closest?.("[tabindex]")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

