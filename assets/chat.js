/*
 * What the customer's page must be able to do without the server: keep the visitor's key and the
 * outbox, send until it is acknowledged, follow the conversation's end, carry pictures.
 *
 * A message stays in localStorage, under a key of its own, until it is seen among the rows that
 * the server sent. The server stores a key once, so sending again is always safe.
 */
(() => {
  const VISITOR = "chatrigo_visitor";
  const OWN_KEY = "chatrigo_visitor_key";
  const LOCALE = "chatrigo_locale";
  const LONG_SIDE = 2048;
  const SMALL_ENOUGH = 1_500_000;

  const params = new URLSearchParams(location.search);
  const embedded = params.has("embed") && parent !== window;
  const previews = new Map();

  let chat = null; // the element, while a chat page is shown
  let shop = ""; // of its address
  let readyFor = "";
  let watching = false;
  let stick = true;
  let shownAbove = null; // the distance to keep while older messages are put in above
  let newestOther = null;
  let unread = 0;
  let panelShown = true;
  let picture = null;
  let pumping = false;
  let wake = () => {};

  const byId = (id) => document.getElementById(id);
  const random = (bytes) =>
    btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const locale = () => (localStorage.getItem(LOCALE) === "en" ? "en" : "id");
  const word = (name, values = {}) =>
    Object.entries(values).reduce(
      (text, [key, value]) => text.replace(`{${key}}`, value),
      byId("chat-words")?.dataset[name] ?? "",
    );
  const lengthOf = (text) => [...text].length;
  const flag = (name, on) => {
    if (!chat) return;
    if (on) chat.dataset[name] = "true";
    else delete chat.dataset[name];
  };

  /* The visitor: 256 bits that only this browser knows. The second copy is what the page reads. */
  function visitor() {
    let key = localStorage.getItem(OWN_KEY);
    if (!/^[\w-]{43}$/.test(key ?? "")) {
      key = random(32);
      localStorage.setItem(OWN_KEY, key);
    }
    if (localStorage.getItem(VISITOR) !== key) localStorage.setItem(VISITOR, key);
    return key;
  }

  /* The outbox: one entry of localStorage for each message, so that tabs do not overwrite. */
  const box = () => `chatrigo_outbox/${shop}/`;

  function entries() {
    if (!shop) return [];
    const names = [];
    for (let i = 0; i < localStorage.length; i++) {
      const name = localStorage.key(i);
      if (name.startsWith(box())) names.push(name);
    }
    return names.sort().flatMap((name) => {
      try {
        return [{ name, ...JSON.parse(localStorage.getItem(name)) }];
      } catch {
        return [];
      }
    });
  }

  function say(text, attachment = "", preview = "") {
    const id = random(16);
    const name = `${box()}${String(Date.now()).padStart(15, "0")}-${id}`;
    if (preview) previews.set(id, preview);
    localStorage.setItem(name, JSON.stringify({ id, text, attachment, state: "sending" }));
    stick = true;
    draw();
    pump();
  }

  function change(entry, changes) {
    const stored = localStorage.getItem(entry.name);
    if (stored) localStorage.setItem(entry.name, JSON.stringify({ ...JSON.parse(stored), ...changes }));
    draw();
  }

  function forget(entry) {
    localStorage.removeItem(entry.name);
    const preview = previews.get(entry.id);
    if (preview) URL.revokeObjectURL(preview);
    previews.delete(entry.id);
  }

  /* Sending: one tab at a time, in order. */
  async function pump() {
    if (pumping || !shop) return;
    pumping = true;
    try {
      await alone(drain);
    } finally {
      pumping = false;
    }
    if (entries().some(isDue)) pump();
  }

  /* Without locks (frames whose storage is refused have none) the key alone prevents doubles. */
  async function alone(work) {
    let begun = false;
    try {
      await navigator.locks.request("chatrigo-outbox", () => {
        begun = true;
        return work();
      });
    } catch (error) {
      if (begun) throw error;
      await work();
    }
  }

  const isDue = (entry) => entry.state === "sending" || entry.state === "queued";

  async function drain() {
    let failures = 0;
    for (let next; (next = entries().find(isDue)); ) {
      const outcome = await post(next);
      if (outcome.wait === undefined) {
        failures = 0;
        change(next, outcome);
        if (outcome.state === "sent") setTimeout(miss, 4000);
        continue;
      }
      failures += 1;
      if (outcome.state) change(next, { state: outcome.state });
      const patience = Math.min(15_000, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
      await pause(outcome.wait || patience);
    }
  }

  const pause = (milliseconds) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /* `wait` in the outcome tells to try again: 0 means with growing patience. */
  async function post({ id, text, attachment }) {
    let response;
    try {
      response = await fetch(`/chat/${encodeURIComponent(shop)}/messages`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept-Language": locale() },
        body: JSON.stringify({ visitor: visitor(), id, text, attachment, locale: locale() }),
        signal: AbortSignal.timeout(20_000),
      });
    } catch {
      return { wait: 0 };
    }
    if (response.ok) return { state: "sent", at: Date.now() };
    if (response.status === 429)
      return { wait: 1000 * (Number(response.headers.get("Retry-After")) || 5), state: "queued" };
    if (response.status >= 500 || response.status === 408) return { wait: 0 };
    const { message = "" } = await response.json().catch(() => ({}));
    return { state: "refused", reason: message };
  }

  /* Acknowledged, yet its row has not come: the tab's line to the server may be dead. */
  function miss() {
    const late = entries().filter((entry) => entry.state === "sent");
    if (!late.length || document.hidden || chat?.dataset.standing !== "open") return;
    const age = Date.now() - Math.min(...late.map((entry) => entry.at));
    if (age > 60_000) {
      late.forEach(forget);
      return draw();
    }
    const last = Number(sessionStorage.getItem("chatrigo_reloaded")) || 0;
    if (age > 11_000 && Date.now() - last > 60_000) {
      sessionStorage.setItem("chatrigo_reloaded", Date.now());
      return location.reload();
    }
    byId("chat-refresh")?.click();
    setTimeout(miss, 4000);
  }

  /* What is still on its way, drawn as copies of a bubble that the page brought along. */
  let drawn = "";

  function draw() {
    const place = byId("chat-pending");
    const model = byId("chat-pending-bubble");
    if (!place || !model) return;
    const arrived = new Set(
      [...document.querySelectorAll("#chat-rows [data-key]")].map((row) => row.dataset.key),
    );
    const waiting = entries().filter((entry) => {
      if (arrived.has(entry.id)) forget(entry);
      return !arrived.has(entry.id);
    });
    const now = JSON.stringify([waiting, model.textContent]);
    if (now === drawn && place.childElementCount === waiting.length) return;
    drawn = now;
    place.replaceChildren(...waiting.map((entry) => bubble(entry, model)));
    flag("pending", waiting.length > 0);
    follow();
  }

  function bubble(entry, model) {
    const copy = model.cloneNode(true);
    const part = (name) => copy.querySelector(`[data-part=${name}]`);
    copy.removeAttribute("id");
    copy.dataset.state = entry.state;
    copy.dataset.name = entry.name;
    part("text").textContent = entry.text || (previews.has(entry.id) ? "" : "🖼️");
    part("picture").hidden = !previews.has(entry.id);
    if (previews.has(entry.id)) part("picture").src = previews.get(entry.id);
    part("reason").textContent = entry.reason ?? "";
    return copy;
  }

  /* The end of the conversation stays in view unless the reader has gone up. */
  function follow() {
    const scroller = byId("chat-scroll");
    if (!scroller) return;
    if (shownAbove !== null) {
      scroller.scrollTop = scroller.scrollHeight - shownAbove;
      shownAbove = null;
    } else if (stick) scroller.scrollTop = scroller.scrollHeight;
  }

  function look() {
    chat = byId("chat");
    if (!chat) return;
    shop = decodeURIComponent(location.pathname.split("/")[2] ?? "").toLowerCase();
    if (readyFor !== shop) ready();
    flag("offline", !navigator.onLine);
    draw();
    follow();
    if (chat.dataset.standing !== "open") return;
    const others = document.querySelectorAll("#chat-rows > :not([data-author=contact])");
    const newest = Number(others[others.length - 1]?.dataset.id ?? 0);
    if (newestOther !== null && newest > newestOther) {
      if (!stick) flag("newer", true);
      if (document.hidden || !panelShown) tell(unread + 1);
    }
    newestOther = Math.max(newest, newestOther ?? 0);
    title();
  }

  function title() {
    const name = chat?.dataset.name;
    if (name) document.title = unread ? `(${unread}) ${name}` : name;
  }

  function tell(count) {
    unread = count;
    if (embedded) parent.postMessage({ chatrigo: "unread", count }, "*");
    title();
  }

  /* The composer. */
  const field = () => byId("chat-text");
  const draftName = () => `chatrigo_draft/${shop}`;
  const notice = (text) => {
    const place = byId("chat-notice");
    if (place) place.textContent = text;
  };

  function count() {
    const limit = Number(chat.dataset.limit);
    const length = lengthOf(field().value.trim());
    const place = byId("chat-count");
    const over = length > limit;
    place.dataset.over = over;
    place.textContent =
      length > limit * 0.9 ? word(over ? "tooLong" : "count", { count: length, limit }) : "";
    field().setAttribute("aria-invalid", over);
    return { length, over };
  }

  function typed() {
    count();
    notice("");
    sessionStorage.setItem(draftName(), field().value);
    const style = field().style;
    if (CSS.supports("field-sizing", "content")) return;
    style.height = "auto";
    style.height = `${Math.min(field().scrollHeight + 2, 144)}px`;
  }

  async function submit() {
    const { length, over } = count();
    const button = byId("chat-send");
    if (over || button.disabled || !(length || picture)) return field().focus();
    let attachment = "";
    const carried = picture;
    if (carried) {
      button.disabled = true;
      try {
        attachment = await (carried.upload ??= upload(carried));
      } catch (error) {
        carried.upload = null;
        if (picture === carried) notice(error.message);
        return;
      } finally {
        button.disabled = false;
      }
      if (picture !== carried) return;
    }
    const text = field().value.trim();
    const preview = carried?.preview ?? "";
    field().value = "";
    dropPicture({ keepPreview: true });
    typed();
    say(text, attachment, preview);
    field().focus();
  }

  /* Pictures: made smaller here, so that a phone's photo is quick to send. */
  async function choose(file) {
    if (!file) return;
    dropPicture();
    notice("");
    const chosen = { preview: URL.createObjectURL(file), file, request: null, upload: null };
    picture = chosen;
    byId("chat-preview").src = chosen.preview;
    byId("chat-attachment").hidden = false;
    byId("chat-progress").value = 0;
    byId("chat-progress").dataset.done = false;
    chosen.upload = upload(chosen);
    try {
      await chosen.upload;
    } catch (error) {
      chosen.upload = null;
      if (picture !== chosen) return;
      notice(error.message);
      if (error.final) dropPicture();
    }
  }

  function dropPicture({ keepPreview = false } = {}) {
    if (!picture) return;
    picture.request?.abort();
    if (!keepPreview) URL.revokeObjectURL(picture.preview);
    picture = null;
    byId("chat-attachment").hidden = true;
    byId("chat-preview").removeAttribute("src");
  }

  const refusal = (message, final = false) => Object.assign(new Error(message), { final });

  async function smaller(file) {
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch {
      throw refusal(word("notAPicture"), true);
    }
    const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size < SMALL_ENOUGH) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return made && made.size < file.size ? made : file;
  }

  async function upload(chosen) {
    const blob = await smaller(chosen.file);
    if (blob.size > Number(chat.dataset.megabytes) * 1024 * 1024)
      throw refusal(word("pictureTooBig"), true);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const progress = byId("chat-progress");
      chosen.request = request;
      request.open("POST", `/chat/${encodeURIComponent(shop)}/attachments`);
      request.setRequestHeader("X-Visitor", visitor());
      request.setRequestHeader("Accept-Language", locale());
      request.responseType = "json";
      request.upload.onprogress = (event) => {
        if (picture === chosen) progress.value = (95 * event.loaded) / event.total;
      };
      request.onload = () => {
        if (request.status === 201) {
          if (picture === chosen) progress.dataset.done = true;
          return resolve(request.response.attachment);
        }
        const passes = request.status === 429 || request.status >= 500;
        reject(refusal(request.response?.message || word("pictureFailed"), !passes));
      };
      request.onerror = () => reject(refusal(word("pictureFailed")));
      request.onabort = () => reject(refusal(""));
      request.send(blob);
    });
  }

  /* Listening, once, on the document: whatever React draws later is covered. */
  const within = (event, selector) =>
    chat && event.target instanceof Element && event.target.closest(selector);

  const acts = {
    close: () => parent.postMessage({ chatrigo: "close" }, "*"),
    "drop-picture": () => {
      dropPicture();
      notice("");
    },
    newest: () => {
      stick = true;
      flag("newer", false);
      follow();
    },
    earlier: () => {
      const scroller = byId("chat-scroll");
      shownAbove = scroller.scrollHeight - scroller.scrollTop;
      stick = false;
    },
    again: (entry) => {
      change(entry, { state: "sending", reason: "" });
      pump();
    },
    delete: (entry) => {
      forget(entry);
      draw();
    },
  };

  function listen() {
    document.addEventListener("submit", (event) => {
      if (!within(event, "#chat-form")) return;
      event.preventDefault();
      submit();
    });
    document.addEventListener("input", (event) => within(event, "#chat-text") && typed());
    document.addEventListener("change", (event) => {
      const input = within(event, "#chat-file, #chat-camera");
      if (!input) return;
      choose(input.files[0]);
      input.value = "";
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && embedded && chat && !document.querySelector(":popover-open"))
        acts.close();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      if (!within(event, "#chat-text") || !matchMedia("(pointer: fine)").matches) return;
      event.preventDefault();
      submit();
    });
    document.addEventListener("click", (event) => {
      const question = within(event, "[data-say]");
      if (question) say(question.dataset.say);
      const actor = within(event, "[data-chat]");
      if (!actor) return;
      const name = actor.closest("[data-name]")?.dataset.name;
      const entry = entries().find((each) => each.name === name);
      acts[actor.dataset.chat]?.(entry);
    });
    document.addEventListener("paste", (event) => {
      const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
      if (!file || !chat) return;
      event.preventDefault();
      choose(file);
    });
    const carriesFiles = (event) => chat && event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      flag("dragging", true);
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? flag("dragging", false));
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      flag("dragging", false);
      choose(event.dataTransfer.files[0]);
    });
    document.addEventListener(
      "scroll",
      (event) => {
        const scroller = event.target;
        if (scroller.id !== "chat-scroll") return;
        stick = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
        if (stick) flag("newer", false);
      },
      true,
    );
    document.addEventListener("load", (event) => within(event, "#chat-rows img") && follow(), true);
    document.addEventListener("visibilitychange", seen);
    addEventListener("resize", follow);
    addEventListener("online", () => {
      look();
      wake();
      pump();
    });
    addEventListener("offline", look);
    addEventListener("storage", (event) => {
      if (!chat || !event.key?.startsWith(box())) return;
      draw();
      pump();
    });
    addEventListener("message", (event) => {
      if (!embedded || event.source !== parent) return;
      panelShown = event.data?.chatrigo !== "hidden";
      seen();
      if (panelShown && matchMedia("(pointer: fine)").matches) field()?.focus();
    });
    visualViewport?.addEventListener("resize", () => {
      const page = chat?.parentElement;
      if (!page) return;
      const covered = innerHeight - visualViewport.height > 60 && visualViewport.scale === 1;
      page.style.height = covered ? `${visualViewport.height}px` : "";
      follow();
    });
  }

  function seen() {
    if (!document.hidden && panelShown && unread) tell(0);
  }

  function mount() {
    visitor();
    look();
    if (!watching) {
      watching = true;
      listen();
      new MutationObserver(look).observe(document.body, {
        childList: true,
        subtree: true,
        characterData: true,
        attributeFilter: ["data-standing"],
      });
    }
  }

  /* A shop's page was opened: what was written before goes on its way. */
  function ready() {
    readyFor = shop;
    newestOther = null;
    const kept = sessionStorage.getItem(draftName());
    if (kept && !field().value) {
      field().value = kept;
      typed();
    }
    pump();
    miss();
  }

  window.chatrigo = { mount, askFirst: () => say(word("askFirst")) };

  if (location.pathname.startsWith("/c/")) {
    if (embedded) document.documentElement.dataset.embed = "";
    const asked = params.get("lang");
    if ((asked === "id" || asked === "en") && !localStorage.getItem(LOCALE)) {
      localStorage.setItem(LOCALE, asked);
      document.documentElement.lang = asked;
    }
    mount();
  }
})();
