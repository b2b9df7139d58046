// Today's visits and registers on a device, with or without a connection. What is kept here lies
// sealed (AES-GCM); why, under which key, and what it does not protect from:
// docs/decisions/0009-in-the-field.md. Nothing is drawn with innerHTML.
const part = document.getElementById("field");
const where = part.dataset;
const whole = where.page === "with-me"; // the page that works offline, or the one beside it
const words = JSON.parse(document.getElementById("field-words").textContent);
const STORE = "kith-field";
const KEY = "kith-field-key";
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const ROUNDS = 600_000;

let key; // opens what is kept, while this tab is open
let raw;
let csrf = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
let day; // device, until, and the key locked with the day's code: nothing about anybody
let pack;
let reach = "unknown"; // none, signed-out, or good
let strangers = false; // what lies here is somebody else's
let code = "";
let typing = false;
let news = [];
let toDecide = ""; // the register on which two people marked differently
const drawn = {}; // what each part shows: nothing is drawn anew under somebody's hands, or read out twice

// --- What is kept -----------------------------------------------------------------------------

function openStore() {
  return new Promise((resolve, reject) => {
    const ask = indexedDB.open(STORE, 1);
    ask.onupgradeneeded = () => ["plain", "kept", "queue"].forEach((name) => ask.result.createObjectStore(name));
    ask.onsuccess = () => {
      ask.result.onversionchange = () => ask.result.close();
      resolve(ask.result);
    };
    ask.onerror = () => reject(ask.error);
  });
}

async function store(name, mode, act) {
  const base = await openStore();
  try {
    return await new Promise((resolve, reject) => {
      const work = base.transaction(name, mode);
      const ask = act(work.objectStore(name));
      work.oncomplete = () => resolve(ask.result);
      work.onabort = () => reject(work.error);
    });
  } finally {
    base.close();
  }
}

const read = (name, id) => store(name, "readonly", (rows) => rows.get(id));
const write = (name, id, value) => store(name, "readwrite", (rows) => rows.put(value, id));
const remove = (name, id) => store(name, "readwrite", (rows) => rows.delete(id));
const idsOf = (name) => store(name, "readonly", (rows) => rows.getAllKeys());

async function wipe() {
  sessionStorage.removeItem(KEY);
  key = raw = day = pack = undefined;
  code = "";
  strangers = typing = false;
  await new Promise((resolve) => {
    const ask = indexedDB.deleteDatabase(STORE);
    ask.onsuccess = ask.onerror = ask.onblocked = resolve;
  });
}

// What can be read goes when the day or the sign-in is over, the code's way in too; what was written
// stays, sealed, until it is sent. What somebody is in the midst of writing can still be kept.
async function close() {
  sessionStorage.removeItem(KEY);
  if (!typing) key = raw = undefined;
  pack = undefined;
  code = "";
  await remove("kept", "pack");
  if (day?.locked) {
    delete day.locked;
    await write("plain", "day", day);
  }
}

// --- Sealing ----------------------------------------------------------------------------------

const bytes = (text) => new TextEncoder().encode(text);
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const toText = (data) => btoa(String.fromCharCode(...new Uint8Array(data)));
const fromText = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function useKey(data) {
  raw = data;
  key = await crypto.subtle.importKey("raw", data, "AES-GCM", false, ["encrypt", "decrypt"]);
  sessionStorage.setItem(KEY, toText(data));
}

// The name is bound to what is sealed: one thing cannot be put in another's place.
async function seal(name, value, using = key) {
  const iv = random(12);
  const about = { name: "AES-GCM", iv, additionalData: bytes(name) };
  const data = await crypto.subtle.encrypt(about, using, bytes(JSON.stringify(value)));
  return { iv, data };
}

async function unseal(name, box, using = key) {
  const about = { name: "AES-GCM", iv: box.iv, additionalData: bytes(name) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(about, using, box.data)));
}

async function keyOfCode(text, salt) {
  const base = await crypto.subtle.importKey("raw", bytes(text), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function newCode() {
  const letters = [];
  while (letters.length < 8) {
    const [number] = random(1);
    if (number < 248) letters.push(LETTERS[number % 31]); // each letter as likely as any other
  }
  return letters.join("");
}

const plainCode = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

// --- Asking Kith ------------------------------------------------------------------------------

async function ask(address, body) {
  const until = new AbortController();
  const timer = setTimeout(() => until.abort(), 20_000);
  try {
    const answer = await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      body,
      cache: "no-store",
      redirect: "manual",
      signal: until.signal,
      headers: body === undefined ? {} : { "X-CSRFToken": csrf, "Content-Type": "application/json" },
    });
    const signedOut = answer.type === "opaqueredirect" || answer.status === 401;
    const json = (answer.headers.get("Content-Type") || "").includes("json");
    return { status: signedOut ? 401 : answer.status, told: json ? await answer.json() : {} };
  } catch {
    return { status: 0, told: {} };
  } finally {
    clearTimeout(timer);
  }
}

function reached(status) {
  if (status === 0 || status >= 500) reach = "none";
  else reach = status === 401 ? "signed-out" : "good";
  return reach === "good";
}

// Ask for the key and the day, where there is a connection and somebody is signed in.
async function refresh() {
  const device = day ? day.device : "";
  if (day) {
    const state = await ask(`${where.state}?device=${device}`);
    if (!reached(state.status)) return;
    if (state.told.wipe) {
      await wipe();
      news = ["What was on this device was forgotten, and is wiped."];
      return;
    }
    if (!state.told.signed_in) {
      // Whom they may see may change meanwhile: nothing opens until they sign in again.
      reach = "signed-out";
      await close();
      return;
    }
  }
  const answer = await ask(`${where.pack}?device=${device}`);
  if (!reached(answer.status)) return;
  csrf = answer.told.csrf || csrf;
  if (!day) return;
  if (answer.told.nothing || answer.told.wipe) {
    // Somebody else is signed in: nothing here opens for them.
    strangers = true;
    await close();
    return;
  }
  strangers = false;
  await useKey(fromText(answer.told.key));
  if (answer.told.over) return;
  day = (await read("plain", "day")) || day; // another tab may have made a new code just now
  if (!day.locked) await lockWithCode(answer.told.key);
  pack = { ...answer.told.pack, user: answer.told.user };
  await write("kept", "pack", await seal("pack", pack));
}

async function takeAlong() {
  const left = (await idsOf("queue")).length;
  if (left && !window.confirm(`${left} that were written on this device before are not sent. Delete them?`)) return;
  await wipe();
  const first = await ask(`${where.pack}?device=`);
  if (!reached(first.status)) return;
  csrf = first.told.csrf || csrf;
  const made = await ask(where.pack, "{}");
  if (!reached(made.status) || !made.told.key) return;
  await useKey(fromText(made.told.key));
  day = { device: made.told.device, until: made.told.until };
  await lockWithCode(made.told.key);
  pack = { ...made.told.pack, user: made.told.user };
  await write("kept", "pack", await seal("pack", pack));
  navigator.storage?.persist?.();
}

// Leave the key here, locked with a new code, which is shown once.
async function lockWithCode(text) {
  code = newCode();
  const salt = random(16);
  day.locked = { salt, ...(await seal("key", text, await keyOfCode(code, salt))) };
  await write("plain", "day", day);
}

async function openWithCode(text) {
  try {
    const using = await keyOfCode(plainCode(text), day.locked.salt);
    await useKey(fromText(await unseal("key", day.locked, using)));
    pack = await unseal("pack", await read("kept", "pack"));
    return true;
  } catch {
    return false;
  }
}

// --- What waits to be sent --------------------------------------------------------------------

async function queued() {
  if (!key) return [];
  const found = [];
  for (const id of await idsOf("queue")) {
    const box = await read("queue", id);
    if (box) found.push(await unseal(id, box).catch(() => ({ id, unreadable: true, order: 0 })));
  }
  return found.sort((one, other) => one.order - other.order);
}

async function enqueue(entry) {
  const id = entry.id || crypto.randomUUID();
  await write("queue", id, await seal(id, { order: Date.now(), ...entry, id, refused: "" }));
}

let sending = false;
async function drain() {
  if (sending || !key || strangers) return;
  sending = true;
  try {
    const send = async () => {
      for (const entry of await queued()) {
        if (entry.refused || entry.unreadable) continue;
        if (!(await sendOne(entry))) return;
      }
    };
    // Two tabs do not send at once; if they did, each thing would still be done once.
    await (navigator.locks ? navigator.locks.request(STORE, send) : send());
  } finally {
    sending = false;
  }
}

async function sendOne(entry) {
  const { id, order, refused, ...said } = entry;
  const body = JSON.stringify({ key: id, ...said });
  let answer = await ask(where.entries, body);
  if (answer.status === 403) {
    // Signing in again changes the proof that this is ours.
    const fresh = await ask(`${where.pack}?device=`);
    csrf = fresh.told.csrf || csrf;
    answer = fresh.status === 200 ? await ask(where.entries, body) : fresh;
  }
  if (answer.status === 200) {
    reach = "good";
    await remove("queue", id);
    news = [...news.slice(-4), answer.told.done];
    if (answer.told.decide) toDecide = answer.told.decide;
    return true;
  }
  if (answer.told.refused) {
    reach = "good";
    await write("queue", id, await seal(id, { ...entry, refused: answer.told.refused }));
    return true;
  }
  reached(answer.status || 0);
  if (reach === "good") {
    const why = `Kith answered ${answer.status}.`;
    await write("queue", id, await seal(id, { ...entry, refused: why }));
    return true;
  }
  return false;
}

// Send what waits, and fetch the day anew where something was sent.
async function goOn() {
  const before = (await idsOf("queue")).length;
  await refresh();
  await drain();
  const left = (await idsOf("queue")).length;
  if (left < before) await refresh();
  await isItOver();
  await draw();
}

async function isItOver() {
  if (!day || Date.now() < Date.parse(day.until)) return;
  if ((await idsOf("queue")).length === 0) {
    await wipe();
    news = [...news, "The day is over: what was on this device is wiped."];
  } else if (pack || day.locked) {
    // The key stays with Kith, for sending what was written once somebody is signed in.
    await close();
  }
}

// --- Drawing ----------------------------------------------------------------------------------

function el(name, options = {}, ...children) {
  const made = document.createElement(name);
  for (const [option, value] of Object.entries(options)) {
    if (option === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (value === true) made.setAttribute(option, "");
    else if (value !== false && value !== undefined) made.setAttribute(option, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

const text = (words_, kind = "govuk-body") => el("p", { class: kind }, words_);
const heading = (level, words_) => el(`h${level}`, { class: `govuk-heading-${level === 2 ? "m" : "s"}` }, words_);

function button(label, act, kind = "") {
  return el("button", { type: "button", class: `govuk-button ${kind}`, on: { click: act } }, label);
}

function when(moment) {
  return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

let turn = 0;
async function draw() {
  const mine = ++turn;
  const waiting = await queued();
  const sealed = (await idsOf("queue")).length;
  if (mine !== turn) return;
  drawState(waiting, sealed);
  drawQueue(waiting);
  if (whole && !typing) drawDay();
}

function drawState(waiting, sealed) {
  const lines = [];
  const state = part.querySelector("[data-field-state]");
  if (news.length) {
    lines.push(el("ul", { class: "govuk-list" }, ...news.map((line) => el("li", {}, line))));
  }
  if (toDecide && key) {
    lines.push(el("p", { class: "govuk-body" }, el("a", { class: "govuk-link govuk-!-font-weight-bold", href: toDecide }, "Open the register and decide")));
  }
  if (strangers) {
    lines.push(text("What lies on this device was taken along by somebody else. It does not open for you."));
    if (sealed) lines.push(text("Things that they wrote here are not sent yet. They are sent when that person signs in here."));
    lines.push(button("Take today with me instead", () => takeAlong().then(draw), "govuk-button--secondary"));
  } else if (!day) {
    if (reach === "good" || !whole) {
      lines.push(
        text(`To go on where there is no connection, take today’s visits and registers with you on this device. They lie here sealed, for ${where.hours} hours at most, and are wiped when you sign out. Do it on a device of your own only.`),
        button("Take today with me on this device", async () => {
          await takeAlong();
          await draw();
        }),
      );
    } else {
      lines.push(text("Nothing was taken along on this device."));
    }
  } else {
    if (code) {
      lines.push(
        el("div", { class: "govuk-inset-text" },
          text("The code of today, for this device:"),
          el("p", { class: "govuk-heading-l", "data-code": true }, `${code.slice(0, 4)} ${code.slice(4)}`),
          text("Write it down, or learn it. You need it only if this page was closed and there is no connection: then it opens what you took along. It is shown once. With a connection, signing in is enough."),
          button("I have it", () => { code = ""; draw(); }, "govuk-button--secondary")),
      );
    }
    if (!key) lines.push(...lockedLines(sealed));
    else if (pack) lines.push(text(`On this device, sealed, until ${when(day.until)}.`));
    else if (reach !== "signed-out") lines.push(text("The day is over. What you wrote and is not sent yet is kept, sealed."));
  }
  const told = { none: "No connection just now. What you write is kept here, and sent as soon as there is one.", "signed-out": "You are signed out. What you write is kept here, sealed, and sent once you have signed in again." }[reach];
  if (told && (key || !whole)) lines.push(text(told, "govuk-body govuk-!-font-weight-bold"));
  if (reach === "signed-out") lines.push(el("p", { class: "govuk-body" }, el("a", { class: "govuk-link", href: where.signIn }, "Sign in")));
  if (day && !whole) lines.push(el("p", { class: "govuk-body" }, el("a", { class: "govuk-link govuk-!-font-weight-bold", href: where.withMe }, "Open what I took with me")));
  if (day) {
    lines.push(el("p", { class: "govuk-body" }, button("Wipe this device", async () => {
      if (sealed && !window.confirm(`${sealed} that were written here are not sent. They are deleted for good. Wipe?`)) return;
      await wipe();
      news = ["This device is wiped."];
      await draw();
    }, "govuk-button--secondary govuk-!-margin-bottom-0")));
  }
  const said = lines.map((line) => line.textContent).join("\n");
  if (drawn.state === said) return;
  drawn.state = said;
  state.replaceChildren(...lines);
}

function lockedLines(sealed) {
  const lines = [text("What you took along is locked. It opens when you have a connection and are signed in.")];
  if (reach === "signed-out") lines.push(text("Your sign-in is over, so today’s code opens nothing any more. You are shown a new one when you have signed in."));
  if (sealed) lines.push(text(`${sealed} written on this device ${sealed === 1 ? "is" : "are"} not sent yet. Nothing is lost.`));
  if (day.locked && Date.now() < Date.parse(day.until)) {
    const problem = el("p", { class: "govuk-error-message", role: "alert", hidden: true }, "That code does not open it. Look at each letter.");
    const box = el("input", { class: "govuk-input govuk-input--width-10", id: "code", autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
    lines.push(el("form", { on: { submit: async (event) => {
      event.preventDefault();
      problem.hidden = true;
      if (await openWithCode(box.value)) await goOn();
      else problem.hidden = false;
    } } },
    el("div", { class: "govuk-form-group" },
      el("label", { class: "govuk-label", for: "code" }, "Without a connection: today’s code"), problem, box),
    el("button", { class: "govuk-button" }, "Open")));
  }
  return lines;
}

function drawQueue(waiting) {
  const queue = part.querySelector("[data-field-queue]");
  const said = JSON.stringify(waiting.map((entry) => [entry, titleOf(entry)]));
  if (drawn.queue === said) return;
  drawn.queue = said;
  if (!waiting.length) {
    queue.replaceChildren();
    return;
  }
  queue.replaceChildren(
    heading(2, "Not sent yet"),
    el("ul", { class: "kith-items" }, ...waiting.map((entry) => el("li", { class: "kith-items__item", "data-entry": entry.kind },
      el("p", { class: "kith-items__title" }, titleOf(entry)),
      entry.words ? el("div", { class: "kith-words govuk-body-s" }, entry.words) : undefined,
      entry.refused
        ? el("p", { class: "govuk-error-message" }, `Not taken: ${entry.refused}`)
        : text("Waits for a connection.", "govuk-body-s"),
      entry.refused ? mend(entry) : undefined))),
  );
}

// Nobody's name is kept with what was written: it is looked up in the day, for as long as it is open.
function titleOf(entry) {
  if (entry.unreadable) return "Something written here";
  if (entry.kind === "marks") {
    const register = pack?.registers.find((one) => one.session === entry.session);
    return register ? `Register: ${register.name}` : "A register";
  }
  const visit = pack?.visits.find((one) => one.case === entry.case);
  return `${entry.kind === "note" ? "Note" : "Contact"}: ${visit ? `${visit.family}, ` : ""}${entry.case}`;
}

function mend(entry) {
  const buttons = el("div", { class: "govuk-button-group" });
  if (entry.kind !== "marks") {
    buttons.append(button("Change it and send it again", () => {
      buttons.replaceWith(entryForm(entry.kind, entry.case, entry));
    }, "govuk-button--secondary"));
  }
  buttons.append(button("Delete it", async () => {
    if (!window.confirm("Delete it for good? It was never sent.")) return;
    await remove("queue", entry.id);
    await draw();
  }, "govuk-button--secondary"));
  return buttons;
}

function drawDay() {
  const shown = part.querySelector("[data-field-day]");
  const said = key ? JSON.stringify(pack) : "";
  if (drawn.day === said) return;
  drawn.day = said;
  if (!pack || !key) {
    shown.replaceChildren();
    return;
  }
  // What somebody has opened, and stands on, stays so.
  const open = [...shown.querySelectorAll("details[open]")].map((made) => made.dataset.fold);
  const at = shown.contains(document.activeElement) && document.activeElement.closest("[data-fold]");
  const folded = (name) => shown.querySelector(`[data-fold="${CSS.escape(name)}"]`);
  shown.replaceChildren(
    heading(2, "Visits"),
    ...(pack.visits.length ? pack.visits.map(visitPart) : [text("No visit is planned for today.")]),
    heading(2, "Registers"),
    ...(pack.registers.length ? pack.registers.map(registerPart) : [text("You lead no session today, and no register is to be taken.")]),
  );
  open.map(folded).forEach((made) => { if (made) made.open = true; });
  if (at) folded(at.dataset.fold)?.querySelector("summary").focus();
}

function visitPart(visit) {
  const people = visit.people.map((person) => el("li", {}, `${person.name}, ${person.role.toLowerCase()}`,
    ...person.phones.flatMap((phone) => [el("br"), phone.safe
      ? el("a", { class: "govuk-link", href: `tel:${phone.value.replaceAll(" ", "")}` }, phone.value)
      : el("strong", {}, `${phone.value}: not safe to use`), phone.advice ? ` (${phone.advice})` : ""])));
  return el("section", { class: "kith-card govuk-!-margin-bottom-4", "data-visit": visit.case },
    heading(3, `${visit.at ? `${visit.at}, ` : ""}${visit.family}`),
    text(`${visit.case}${visit.words ? `. ${visit.words}` : ""}`, "govuk-body-s"),
    ...visit.homes.map(homePart),
    ...visit.withheld.map((ask) => text(`An address is withheld. Ask ${ask}.`, "govuk-body-s")),
    visit.elsewhere.length ? text(`Not at these addresses: ${visit.elsewhere.join(", ")}`, "govuk-body-s") : undefined,
    el("ul", { class: "govuk-list govuk-body-s" }, ...people),
    fold("Write down a contact or visit", `contact ${visit.case} ${visit.at}`, () => entryForm("contact", visit.case)),
    fold("Write a note", `note ${visit.case} ${visit.at}`, () => entryForm("note", visit.case)));
}

function homePart(home) {
  const told = [home.lines, home.who.length ? `Here: ${home.who.join(", ")}` : "Who lives here is not written down.",
    home.safe ? "" : "Post there is not safe."];
  return el("div", { class: "kith-words govuk-body-s" }, told.filter(Boolean).join("\n"));
}

function fold(label, name, content) {
  const made = el("details", { class: "govuk-details", "data-fold": name },
    el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, label)));
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(el("div", { class: "govuk-details__text" }, content()));
  });
  return made;
}

let forms = 0;
function field(label, name, input, hint) {
  const id = `${name}-${forms}`;
  input.id = id;
  input.name = name;
  return el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: id }, label),
    hint ? el("div", { class: "govuk-hint" }, hint) : undefined, input);
}

function choice(label, name, choices, chosen) {
  return el("div", { class: "govuk-form-group" }, el("fieldset", { class: "govuk-fieldset" },
    el("legend", { class: "govuk-fieldset__legend" }, label),
    el("div", { class: "govuk-radios govuk-radios--small" }, ...choices.map(([value, said], number) => {
      const id = `${name}-${forms}-${number}`;
      const input = el("input", { class: "govuk-radios__input", type: "radio", id, name, value });
      input.checked = value === chosen;
      return el("div", { class: "govuk-radios__item" }, input, el("label", { class: "govuk-label govuk-radios__label", for: id }, said));
    }))));
}

function entryForm(kind, reference, was = {}) {
  forms += 1;
  const now = new Date();
  const today = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  const box = el("textarea", { class: "govuk-textarea", rows: kind === "note" ? "8" : "4" });
  box.value = was.words || "";
  const on = el("input", { class: "govuk-input govuk-input--width-10", type: "date", max: today });
  on.value = was.on || today;
  const time = el("input", { class: "govuk-input govuk-input--width-5", type: "time" });
  time.value = was.time || when(now);
  const whom = el("input", { class: "govuk-input" });
  whom.value = was.with_whom || "";
  const problem = el("p", { class: "govuk-error-message", role: "alert", hidden: true });
  const seen = choice("Was a child seen and heard?", "seen", words.seen, was.seen);
  const parts = kind === "note"
    ? [field("Note", "words", box, "A note cannot be changed; you can add to it."), seen]
    : [choice("Did you reach the family?", "succeeded", [["yes", "Yes"], ["no", "No, I tried"]], was.succeeded),
      field("Whom did you reach?", "with_whom", whom), seen,
      choice("How?", "how", words.how, was.how), field("What was said or agreed", "words", box)];
  const form = el("form", { novalidate: true, "data-kind": kind }, problem, ...parts,
    field("Day", "on", on), field("Time", "time", time),
    el("button", { class: "govuk-button" }, "Keep it, and send when there is a connection"));
  form.addEventListener("input", () => { typing = true; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    const missing = missingIn(kind, said);
    problem.textContent = missing;
    problem.hidden = !missing;
    if (missing) {
      problem.scrollIntoView({ block: "center" });
      return;
    }
    // What was refused was not done: mended, it is a new entry.
    await enqueue({ ...said, kind, case: reference });
    if (was.id) await remove("queue", was.id);
    // What is kept is not written a second time.
    const made = form.closest("details");
    if (made) {
      made.open = false;
      form.parentElement.remove();
    }
    typing = false;
    news = [];
    await draw();
    await goOn();
  });
  return form;
}

function missingIn(kind, said) {
  if (kind === "note") return said.words.trim() ? "" : "Write the note.";
  if (!said.succeeded) return "Say whether you reached the family.";
  if (said.succeeded === "yes" && !said.with_whom.trim()) return "Say whom you reached.";
  return said.how ? "" : "Choose how you reached them, or tried to.";
}

function registerPart(register) {
  forms += 1;
  const state = (line) => (line.status ? "" : " not marked yet");
  const lines = register.lines.map((line) => {
    const why = el("select", { class: "govuk-select", id: `why-${register.session}-${line.person}`, name: `why-${line.person}` },
      ...words.reasons.map(([value, said]) => {
        const option = el("option", { value }, said);
        option.selected = value === (line.reason || "unknown");
        return option;
      }));
    const marks = words.choices.map(([value, said]) => {
      const id = `mark-${register.session}-${line.person}-${value || "none"}`;
      const input = el("input", { class: "kith-marks__input", type: "radio", id, name: `mark-${line.person}`, value });
      input.checked = value === line.status;
      return el("span", { class: "kith-marks__one" }, input, el("label", { class: "kith-marks__label", for: id }, said));
    });
    return el("fieldset", { class: `govuk-fieldset kith-register__line${line.status ? "" : " kith-register__line--open"}` },
      el("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--s" }, line.name, el("span", { class: "kith-register__open" }, state(line))),
      el("div", { class: "kith-marks" }, ...marks),
      el("div", { class: "kith-marks__why" }, el("label", { class: "govuk-label", for: why.id }, "Why missed", el("span", { class: "govuk-visually-hidden" }, `: ${line.name}`)), why));
  });
  const form = el("form", { class: "kith-register", novalidate: true, "data-register": register.session }, ...lines,
    register.lines.length ? el("div", { class: "govuk-button-group" },
      el("button", { class: "govuk-button" }, "Keep the register, and send it"),
      el("button", { class: "govuk-button govuk-button--secondary", name: "all_came", value: "1" }, "All others came"))
      : text("Nobody has a place on it that day. Say who dropped in when you have a connection."));
  form.addEventListener("input", () => { typing = true; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await keepMarks(register, new FormData(form), event.submitter?.name === "all_came");
  });
  const on = new Date(`${register.on}T12:00`).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
  return el("section", { class: "govuk-!-margin-bottom-6" }, heading(3, `${register.name}, ${on}`),
    text(`${register.at}, ${register.where}`, "govuk-body-s"), form);
}

async function keepMarks(register, said, everybody) {
  const marks = [];
  for (const line of register.lines) {
    const status = said.get(`mark-${line.person}`) || (everybody ? "attended" : "");
    const reason = status === "missed" ? said.get(`why-${line.person}`) : "";
    if (status === line.status && reason === line.reason) continue;
    marks.push({ person: line.person, status, reason, had: line.had });
    Object.assign(line, { status, reason });
  }
  typing = false;
  news = marks.length ? [] : ["Nothing was changed on that register."];
  if (marks.length) {
    // What waits for the same register goes along: one entry, the latest marks.
    const before = (await queued()).find((entry) => entry.kind === "marks" && entry.session === register.session && !entry.refused);
    const together = new Map((before ? before.marks : []).map((mark) => [mark.person, mark]));
    marks.forEach((mark) => together.set(mark.person, { ...mark, had: together.get(mark.person)?.had ?? mark.had }));
    await enqueue({ kind: "marks", session: register.session, marks: [...together.values()] });
    if (before) await remove("queue", before.id);
    if (pack) await write("kept", "pack", await seal("pack", pack));
  }
  await draw();
  await goOn();
}

// --- Beginning --------------------------------------------------------------------------------

async function begin() {
  if (!window.isSecureContext || !window.indexedDB || !window.crypto?.subtle) {
    part.querySelector("[data-field-state]").replaceChildren(text("This browser cannot keep anything for working without a connection."));
    return;
  }
  navigator.serviceWorker?.register(where.worker, { scope: where.scope });
  day = await read("plain", "day");
  const kept = sessionStorage.getItem(KEY);
  if (day && kept) {
    await useKey(fromText(kept));
    const box = await read("kept", "pack");
    pack = box ? await unseal("pack", box).catch(() => undefined) : undefined;
  } else {
    sessionStorage.removeItem(KEY);
  }
  await isItOver();
  await draw();
  await goOn();
  window.addEventListener("online", goOn);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) goOn(); });
  // A page that is left open hears within minutes that its sign-in is over, or what it may show no more.
  let turns = 0;
  setInterval(async () => {
    await isItOver();
    turns += 1;
    if (turns % 15 === 0 || reach !== "good" || (await idsOf("queue")).length) await goOn();
  }, 20_000);
}

if (part) begin();
