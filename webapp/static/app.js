// What the page does beyond working without it: no reload, each step told as it begins, files dropped, texts copied.
"use strict";

const root = document.documentElement;
root.classList.add("js");

const words = JSON.parse(document.querySelector("[data-words]")?.dataset.words ?? "{}");
const status = document.querySelector("[data-status]");
const answer = document.getElementById("answer");
let running = null;

// ---- sending a form without leaving the page

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-enhance")) return;
  if (event.submitter?.hasAttribute("data-plain")) return;
  event.preventDefault();
  send(form, event.submitter);
});

async function send(form, submitter) {
  running?.abort();
  const turn = new AbortController();
  running = turn;
  const body = new FormData(form, submitter);
  if (submitter?.hasAttribute("data-with-form")) addForm(body, answer.querySelector("#choices"));
  busy(form, true);
  begin();
  try {
    const response = await fetch(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/x-ndjson" },
      signal: turn.signal,
    });
    let shown = false;
    for await (const line of lines(response)) {
      if (line.step) step(line.text);
      if (line.html) {
        show(line.html, Boolean(line.problem));
        shown = true;
      }
    }
    if (!shown) throw new Error("no answer");
    done(words.done);
  } catch (problem) {
    if (running !== turn) return; // another took its place, and has the note now
    if (turn.signal.aborted) end(words.stopped);
    else end(words.unreachable, true);
  } finally {
    if (running === turn) running = null;
    busy(form, false);
  }
}

async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    held += value;
    const parts = held.split("\n");
    held = parts.pop();
    for (const part of parts) if (part.trim()) yield JSON.parse(part);
  }
}

function show(html, problem) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const title = made.content.firstElementChild; // <title>, as every part of a page begins
  title.remove();
  turnPage(problem);
  document.title = title.textContent;
  answer.replaceChildren(made.content);
  adopt();
  focusHeading();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  answer.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

function focusHeading() {
  const heading = answer.querySelector("[data-focus], h1, h2") ?? document.querySelector("main h1, main");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function busy(form, is) {
  form.setAttribute("aria-busy", String(is));
  for (const field of form.elements) if (field.type === "submit") field.disabled = is;
}

// ---- back and forward: each answer is an entry of the history, kept by this page alone until it is left or reloaded

const load = crypto.getRandomValues(new Uint32Array(2)).join("-"); // entries outlive a reload, what they showed doesn't
const views = new Map();
const asked = document.getElementById("check");
let view = 0;

const stateOf = (number) => ({ load, view: number });
history.replaceState(stateOf(view), "");

function keep() {
  views.set(view, { title: document.title, nodes: [...answer.childNodes], form: typed() });
}

function turnPage(problem) {
  keep();
  for (const number of views.keys()) if (number > view) views.delete(number); // nothing leads there any more
  const again = shownProblem() && problem; // several problems in a row are one step back
  if (!again) view += 1;
  history[again ? "replaceState" : "pushState"](stateOf(view), "", location.pathname + location.search);
}

function shownProblem() {
  return answer.querySelector(":scope > .problem") !== null;
}

addEventListener("popstate", (event) => {
  if (!event.state) return history.replaceState(stateOf(view), ""); // a link within the page
  const next = event.state.load === load ? event.state.view : 0;
  if (next === view) return;
  running?.abort();
  keep();
  view = next;
  const kept = views.get(view);
  document.title = kept.title;
  answer.replaceChildren(...kept.nodes);
  type(kept.form);
  if (status) status.hidden = true;
  focusHeading();
  unfold();
});

function typed() {
  const fields = asked?.querySelectorAll("input, textarea") ?? [];
  return [...fields].map((field) => ({ field, value: field.value, checked: field.checked, files: field.files }));
}

function type(kept) {
  for (const { field, value, checked, files } of kept) {
    if (field.type === "file") field.files = files;
    else if (field.type === "checkbox") field.checked = checked;
    else field.value = value;
  }
  if (input) listed();
}

// ---- progress

function begin() {
  if (!status) return;
  status.hidden = false;
  status.classList.remove("failed", "unseen");
  status.classList.add("running");
  status.querySelector("[data-steps]").replaceChildren();
  const stop = status.querySelector("[data-stop]");
  if (stop) stop.hidden = false;
}

function step(text) {
  const list = status?.querySelector("[data-steps]");
  if (!list) return;
  list.lastElementChild?.classList.add("done");
  const item = document.createElement("li");
  item.textContent = text;
  list.append(item);
}

function end(text, failed = false) {
  if (!status) return;
  status.classList.remove("running");
  status.classList.toggle("failed", failed);
  const list = status.querySelector("[data-steps]");
  list.lastElementChild?.classList.add("done");
  const stop = status.querySelector("[data-stop]");
  if (stop) stop.hidden = true;
  const item = document.createElement("li");
  item.className = failed ? "failed" : "done";
  item.textContent = text;
  list.append(item);
}

function done(text) {
  if (!status) return;
  status.querySelector("[data-steps]").replaceChildren();
  status.classList.add("unseen"); // it would cover the answer that it announces
  end(text);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-stop]")) running?.abort();
});

// ---- files: dropped anywhere on the page, listed, taken out again

const drop = document.querySelector("[data-drop]");
const input = drop?.querySelector("input[type=file]");
const list = document.querySelector("[data-files]");

if (drop && input) {
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (carries(event) && ++depth) drop.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (carries(event) && --depth <= 0) drop.classList.remove("over");
  });
  addEventListener("dragover", (event) => {
    if (carries(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    drop.classList.remove("over");
    choose([...input.files, ...event.dataTransfer.files]);
  });
  input.addEventListener("change", () => listed());
  addEventListener("pageshow", () => listed()); // a browser may keep what was chosen
}

function choose(files) {
  const held = new DataTransfer();
  const seen = new Set();
  for (const file of files) {
    const key = `${file.name}\0${file.size}\0${file.lastModified}`;
    if (!seen.has(key)) held.items.add(file);
    seen.add(key);
  }
  input.files = held.files;
  listed();
}

function listed() {
  if (!list) return;
  const items = [...input.files].map((file, place) => {
    const item = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = file.name;
    const size = document.createElement("span");
    size.className = "quiet";
    size.textContent = ` ${sized(file.size)} `;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "remove";
    button.textContent = words.remove;
    button.setAttribute("aria-label", words.removeFile.replace("{file}", file.name));
    button.addEventListener("click", () => {
      choose([...input.files].filter((_, other) => other !== place));
      (list.querySelector("button") ?? input).focus();
    });
    item.append(name, size, button);
    return item;
  });
  list.replaceChildren(...items);
  list.hidden = !items.length;
}

function sized(bytes) {
  const kilobytes = bytes / 1024;
  const [value, text] = kilobytes < 1 ? [bytes, words.bytes] : kilobytes < 1024 ? [kilobytes, words.kilobytes] : [kilobytes / 1024, words.megabytes];
  const number = new Intl.NumberFormat(root.lang, { maximumFractionDigits: 1, roundingMode: "halfEven" }); // as the server rounds
  return text.replace("{count}", number.format(value));
}

// ---- a repaired logo takes the place of the one that was chosen

function adopt() {
  for (const box of document.querySelectorAll("[data-carried]")) {
    const bytes = Uint8Array.from(atob(box.value), (sign) => sign.charCodeAt(0));
    const file = new File([bytes], box.dataset.carried, { type: "image/svg+xml" });
    const others = besides(box.dataset.replaced, Number(box.dataset.size));
    choose([file, ...others.filter((other) => other.name !== file.name)]);
    box.closest(".carried").remove();
  }
}

function besides(name, size) {
  const files = [...input.files];
  const same = files.find((file) => file.name === name && file.size === size) ?? files.find((file) => file.size === size);
  return files.filter((file) => file !== same);
}

function addForm(body, choices) {
  const held = new FormData(asked);
  for (const field of asked.elements) if (field.name && field.name !== "lang") body.delete(field.name);
  for (const [name, value] of held) if (name !== "lang" && name !== "files") body.append(name, value);
  const size = Math.floor((choices.elements.logo.value.replace(/=+$/, "").length * 3) / 4); // of what is in Base64
  for (const file of besides(choices.elements.name.value, size)) if (file.size || file.name) body.append("files", file);
}

if (input) adopt();

// ---- another language keeps the answer, where there is one

document.addEventListener("click", (event) => {
  const link = event.target.closest(".languages a");
  const button = link && answer.querySelector(`#takeaway button[name=lang][value="${link.lang}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// ---- copying

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = words.copied;
  } catch {
    button.textContent = words.copyFailed;
  }
  setTimeout(() => (button.textContent = label), 2500);
});

// ---- paper shows everything, and a link to something folded away opens it

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});

function unfold() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1)); // our ids need no escapes
  for (let around = target || null; around; around = around.parentElement) if (around.localName === "details") around.open = true;
}
addEventListener("hashchange", unfold);
unfold();
