// Everything here is a comfort: each page works without it.
const own = document.querySelector("script[data-govuk-frontend]");

async function start() {
  const govuk = await import(own.dataset.govukFrontend);
  govuk.initAll();
  // Parts that htmx swaps in later are given the same.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    govuk.initAll({ scope: event.detail.elt });
    radios(event.detail.elt);
  });
}

// Radios that ask for more when chosen. The library's own puts aria-expanded on them, which ARIA
// does not allow there.
function radios(scope) {
  scope.querySelectorAll("[data-module=kith-radios]").forEach((group) => {
    const inputs = [...group.querySelectorAll("input[data-aria-controls]")];
    const show = () => {
      inputs.forEach((input) => {
        const more = document.getElementById(input.dataset.ariaControls);
        if (more) more.classList.toggle("govuk-radios__conditional--hidden", !input.checked);
      });
    };
    if (inputs.length === 0) return;
    show();
    group.addEventListener("change", show);
    window.addEventListener("pageshow", show);
  });
}

// Pressing a button twice sends a form once. The page may be returned to by "back".
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
}

// What somebody took along on this device for working without a connection (static/field/field.js)
// goes when they sign out; of what was not sent they are warned.
function signOut() {
  const form = document.getElementById("sign-out");
  if (!form || !window.indexedDB) return;
  form.addEventListener("submit", async (event) => {
    if (form.dataset.wiped) return;
    event.preventDefault();
    event.stopPropagation();
    const unsent = await keptHere();
    const words = `${unsent} that you wrote without a connection ${unsent === 1 ? "is" : "are"} not sent yet. Signing out deletes ${unsent === 1 ? "it" : "them"}. Sign out?`;
    if (unsent && !window.confirm(words)) return;
    sessionStorage.clear();
    await new Promise((done) => {
      const ask = indexedDB.deleteDatabase("kith-field");
      ask.onsuccess = ask.onerror = ask.onblocked = done;
    });
    form.dataset.wiped = "yes";
    form.requestSubmit(event.submitter);
  });
}

function keptHere() {
  return new Promise((resolve) => {
    const ask = indexedDB.open("kith-field");
    ask.onerror = () => resolve(0);
    ask.onsuccess = () => {
      const base = ask.result;
      const found = base.objectStoreNames.contains("queue");
      const count = found && base.transaction("queue").objectStore("queue").count();
      const close = (number) => {
        base.close();
        resolve(number);
      };
      if (count) count.onsuccess = () => close(count.result);
      else close(0);
    };
  });
}

// A filter that is changed is applied; the button is there for those without scripts.
function filters() {
  document.querySelectorAll("form[data-filter]").forEach((form) => {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio]")) {
        form.requestSubmit();
      }
    });
  });
}

// On a telephone, what is not in use is folded away, so that the list itself comes first.
function folds() {
  if (!window.matchMedia("(max-width: 40em)").matches) return;
  document.querySelectorAll("details[data-fold='']").forEach((part) => {
    part.open = false;
  });
}

// A folded group of choices says what is chosen in it, also before it is sent.
function chosen() {
  document.querySelectorAll("[data-chosen]").forEach((words) => {
    const group = words.closest("details");
    group.addEventListener("change", () => {
      const ticked = [...group.querySelectorAll("input:checked")];
      words.textContent = ticked.map((input) => input.labels[0].textContent.trim()).join(", ");
    });
  });
}

// Looks from where the browser is, once the button is pressed. Sent in a form's body, so that it stands in
// no address; the server answers with the nearest postcode.
function nearMe() {
  const part = document.querySelector("[data-near-me]");
  if (!part || !navigator.geolocation || !window.isSecureContext) return;
  const [button, words] = part.children;
  part.hidden = false;
  button.addEventListener("click", () => {
    words.textContent = part.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = document.createElement("form");
        form.method = "post";
        form.action = part.dataset.nearMe;
        const say = (name, value) => {
          const input = document.createElement("input");
          Object.assign(input, { type: "hidden", name, value });
          form.append(input);
        };
        new FormData(part.closest("form")).forEach((value, name) => {
          if (name !== "near" && value !== "") say(name, value);
        });
        say("here", `${coords.latitude.toFixed(4)},${coords.longitude.toFixed(4)}`);
        document.body.append(form);
        form.submit();
      },
      () => {
        words.textContent = part.dataset.refused;
      },
      { timeout: 10000 },
    );
  });
}

function printing() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

// Lists marked data-keys: j and k walk the rows, Enter opens, / goes to the search box.
function keys() {
  const list = document.querySelector("[data-keys]");
  if (!list) return;
  const links = () => [...list.querySelectorAll("a[data-key-stop]")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const stops = links();
    const here = stops.indexOf(document.activeElement);
    const next = stops[here < 0 ? (step > 0 ? 0 : stops.length - 1) : here + step];
    if (next) next.focus();
  });
}

// A long form is saved while somebody types. What is on the page is never thrown away: without a
// connection, or when the sign-in has run out, it is tried again until it is kept.
function autosave() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const state = form.querySelector("[data-autosave-state]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  const had = form.querySelector("[name=had]");
  let unsaved = false;
  let busy = false;
  let leaving = false;
  let waiting;
  let submitter;
  const say = (words) => {
    if (state.textContent !== words) state.textContent = words;
  };
  const later = (seconds) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, seconds * 1000);
  };
  // Signing in again changes the proof that a form is ours: the page is asked for the new one.
  async function freshToken() {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
    if (found) token.value = found.value;
    return Boolean(found);
  }
  async function send() {
    return fetch(location.href, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "autosave" },
      redirect: "manual",
    });
  }
  async function save() {
    waiting = undefined;
    if (busy || leaving || !unsaved) return;
    busy = true;
    unsaved = false;
    let again = true;
    try {
      let answer = await send();
      if (answer.status === 403 && (await freshToken())) answer = await send();
      if (answer.ok) {
        const told = await answer.json();
        had.value = told.had;
        if (!unsaved && !Object.keys(told.errors).length) forget();
        const wrong = Object.entries(told.errors).map(([label, words]) => `${label}: ${words.join(" ")}`);
        const clashes = told.clashes.map((one) => one.label);
        if (wrong.length) say(`Not all of it is saved. ${wrong.join(" ")}`);
        else if (clashes.length) {
          say(`Saved at ${told.at}. Somebody else, or you in another window, wrote at “${clashes.join("”, “")}” too: both texts are kept. Save and open this part again to decide.`);
        } else say(told.said || `Saved at ${told.at}.`);
      } else if (answer.status === 401 || answer.type === "opaqueredirect" || answer.status === 403) {
        unsaved = true;
        say("Not saved: you are signed out. Leave this page open, and sign in again in another tab. It is then saved by itself.");
        later(15);
      } else if (answer.status === 409) {
        unsaved = true;
        again = false;
        say(`Not saved. ${(await answer.json()).refused}`);
      } else {
        unsaved = true;
        say("Not saved yet. Leave this page open: it is tried again.");
        later(15);
      }
    } catch {
      unsaved = true;
      say("Not saved: there is no connection. Leave this page open: it is saved as soon as there is one.");
      later(10);
    }
    busy = false;
    if (submitter) {
      // The button waited, so that the form goes with what it has before it by now.
      const button = submitter;
      submitter = undefined;
      form.requestSubmit(button);
    } else if (unsaved && again && !waiting) later(1);
  }
  // A page of notes keeps what is not saved yet in the browser too, until it is: a telephone throws
  // away pages that are not looked at. Signing out wipes it.
  const whose = form.dataset.autosaveKeeps; // on a telephone that two people use
  const keeps = whose ? `kith-notes ${whose} ${location.pathname}` : "";
  const boxes = (block) => [...block.querySelectorAll("textarea, select, [type=checkbox]")];
  function keep() {
    if (!keeps) return;
    const kept = [...form.querySelectorAll("[data-note]")].map((block) => ({
      note: block.dataset.note,
      key: block.querySelector("[data-note-key]").value,
      said: boxes(block).map((box) => (box.type === "checkbox" ? box.checked : box.value)),
    }));
    try {
      localStorage.setItem(keeps, JSON.stringify(kept.filter((one) => one.said[0])));
    } catch {
      // The browser keeps nothing: the page itself still does.
    }
  }
  function forget() {
    if (keeps) localStorage.removeItem(keeps);
  }
  function takeUp() {
    const kept = keeps ? JSON.parse(localStorage.getItem(keeps) || "[]") : [];
    const blocks = [...form.querySelectorAll("[data-note]")];
    for (const one of kept) {
      const key = (block) => block.querySelector("[data-note-key]");
      const empty = (block) => block.dataset.note === one.note && !boxes(block)[0].value;
      const block = blocks.find((found) => key(found).value === one.key) || blocks.find(empty);
      if (!block) continue;
      key(block).value = one.key;
      boxes(block).forEach((box, place) => {
        if (box.type === "checkbox") box.checked = one.said[place];
        else box.value = one.said[place];
      });
      unsaved = true;
    }
    if (unsaved) {
      say("Words that were not saved last time stand here again. They are being saved.");
      later(0.5);
    }
  }
  form.addEventListener("input", () => {
    unsaved = true;
    keep();
    later(1.5);
  });
  form.addEventListener("change", () => {
    unsaved = true;
    keep();
    later(0.2);
  });
  takeUp();
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
    else if (unsaved) later(0);
  });
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault();
      event.stopPropagation();
      submitter = event.submitter;
      return;
    }
    leaving = true;
    setTimeout(() => {
      leaving = false;
    }, 4000);
  });
  window.addEventListener("beforeunload", (event) => {
    if ((unsaved || busy) && !leaving) event.preventDefault();
  });
}

radios(document);
autosave();
signOut();
sendOnce();
filters();
folds();
chosen();
nearMe();
printing();
keys();
start();
