// Keyboard, palette, theme and toasts. Everything here only presses buttons and follows links the
// page has anyway: without this file all of it still works.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

const isTyping = (target) =>
  target.closest("input, textarea, select, [contenteditable]") !== null;
const hasDialog = () => $("dialog[open]") !== null;
const singleKeys = () => root.dataset.keys === "on";

// ---- Moving through lists ----

function move(step) {
  const items = $$("[data-item]");
  if (items.length === 0) return;
  const here = items.findIndex((item) => item === document.activeElement || item.ariaCurrent);
  const next = items[Math.min(items.length - 1, Math.max(0, here + step))];
  if (next.matches("a[aria-current], a") && $("[data-decision]") && next.href) {
    if (next.ariaCurrent !== "true") location.assign(next.href);
    return;
  }
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  if (key === "r") {
    const button = $("[data-reject]");
    const reason = $("#reason");
    if (!button || !reason) return false;
    if (reason.value.trim() === "") {
      reason.focus();
      return true;
    }
    button.click();
    return true;
  }
  if (key === "z") {
    $("[data-undo]")?.click();
    return true;
  }
  if (key === "x") {
    const row = document.activeElement.closest("tr, li");
    const box = row && $("input[type=checkbox]", row);
    if (box) box.checked = !box.checked;
    return Boolean(box);
  }
  const target = $(`[data-key="${key}"]`);
  if (!target) return false;
  if (key === "e") openEditor();
  else target.click();
  return true;
}

function openEditor() {
  const edit = $("#edit");
  if (!edit) return;
  edit.open = true;
  $("input:not([type=hidden]), textarea", edit)?.focus();
}

// ---- Keys ----

let waitsForLetter = false;

document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  if (hasDialog() || isTyping(event.target) || !singleKeys()) return;
  const key = event.key.toLowerCase();
  if (waitsForLetter) {
    waitsForLetter = false;
    const link = $(`[data-go="${CSS.escape(key)}"]`);
    if (link) {
      event.preventDefault();
      location.assign(link.href);
    }
    return;
  }
  if (handle(key)) event.preventDefault();
});

function handle(key) {
  if (key === "?") $("#help").showModal();
  else if (key === "g") {
    waitsForLetter = true;
    setTimeout(() => { waitsForLetter = false; }, 1500);
  } else if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if ("aersfzx".includes(key) && key.length === 1) return press(key);
  else return false;
  return true;
}

// ---- Palette ----

const palette = $("#palette");

function openPalette() {
  if (palette.open) return;
  palette.showModal();
  const input = $("input", palette);
  input.value = "";
  input.focus();
}

palette.addEventListener("keydown", (event) => {
  const links = $$("a", palette);
  const here = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown") {
    event.preventDefault();
    links[Math.min(links.length - 1, here + 1)]?.focus();
  } else if (event.key === "ArrowUp") {
    event.preventDefault();
    (here <= 0 ? $("input", palette) : links[here - 1]).focus();
  } else if (event.key === "Enter" && here < 0 && links[0]) {
    event.preventDefault();
    location.assign(links[0].href);
  }
});

document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement) event.target.close();
  if (event.target.closest("[data-opens=palette]")) {
    event.preventDefault();
    openPalette();
  }
  if (event.target.closest("[data-edit]")) {
    event.preventDefault();
    openEditor();
  }
  const toggle = event.target.closest("[data-theme-toggle]");
  if (toggle) {
    event.preventDefault();
    switchTheme(toggle);
  }
});

// ---- Theme: kept in this browser ----

function switchTheme(toggle) {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const shown = root.dataset.theme === "system" ? system : root.dataset.theme;
  const next = shown === "dark" ? "light" : "dark";
  root.dataset.theme = next;
  toggle.value = shown;
  document.cookie = `drumbeat-theme=${next};path=/;max-age=31536000;samesite=lax`;
}

// ---- What a form left behind: a toast, and a clean address ----

const address = new URL(location.href);
if (address.searchParams.has("done")) {
  for (const name of ["done", "decision", "held"]) address.searchParams.delete(name);
  history.replaceState(null, "", address);
  // The way back is offered for as long as there is one, and no longer than half an hour.
  const held = Number($(".toast")?.dataset.held ?? 0);
  const shown = Math.min(1800, Math.max(held, 12)) * 1000;
  setTimeout(() => { if (!hasFocusInside("#toasts")) $("#toasts").replaceChildren(); }, shown);
  $("#decision-title")?.focus();
}

function hasFocusInside(selector) {
  return $(selector)?.contains(document.activeElement) ?? false;
}

$("#refusal")?.focus();
$("[data-first]:not([aria-invalid])")?.focus();

// ---- Calendar: dragging a tile fills in and sends its own "Move to…" form ----

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-moves]") ?? null;
});
document.addEventListener("dragover", (event) => {
  const day = dragged && event.target.closest("[data-day]");
  for (const one of $$("[data-day].is-over")) if (one !== day) one.classList.remove("is-over");
  if (!day) return;
  event.preventDefault();
  day.classList.add("is-over");
});
document.addEventListener("dragend", () => {
  for (const one of $$("[data-day].is-over")) one.classList.remove("is-over");
  dragged = null;
});
document.addEventListener("drop", (event) => {
  const day = dragged && event.target.closest("[data-day]");
  if (!day) return;
  event.preventDefault();
  const field = $("input[name=to]", dragged);
  const wanted = `${day.dataset.day}T${field.value.split("T")[1]}`;
  if (wanted === field.value) return;
  field.value = wanted;
  field.form.requestSubmit();
});

// ---- A form sent twice by an impatient finger is sent once ----

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});

// ---- A page that takes longer than a moment shows rows to come; one that is quick shows nothing ----

let slow = 0;

function waitsForPage() {
  clearTimeout(slow);
  slow = setTimeout(() => {
    root.dataset.loading = "on";
    $("#main").setAttribute("aria-busy", "true");
  }, 300);
}

function hasPage() {
  clearTimeout(slow);
  delete root.dataset.loading;
  $("#main").removeAttribute("aria-busy");
}

addEventListener("pageshow", hasPage);
addEventListener("beforeunload", () => {
  // A download is no page to come, and nothing else leaves this one.
  if (!document.activeElement?.matches?.("a[download]")) waitsForPage();
});

// ---- Live: a lost connection is said, and the title counts ----

let lost = 0;
document.addEventListener("htmx:sse:error", () => {
  // A restart of the server takes a moment and is not worth a word.
  lost ||= setTimeout(() => { root.dataset.live = "off"; }, 3000);
});
document.addEventListener("htmx:sse:after:connection", () => {
  clearTimeout(lost);
  lost = 0;
  root.dataset.live = "on";
});
// The session is over, here or elsewhere: what it showed goes, and the door is shown instead.
document.addEventListener("over", () => location.reload());

document.addEventListener("htmx:after:swap", () => {
  const count = $(".side .badge")?.firstChild?.textContent ?? "";
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (count) document.title = `(${count}) ${document.title}`;
});
