/*
 * What the inbox needs of the browser itself: the composer keeps a text until the server took it,
 * canned replies, keys, sounds and notifications, the number in the title. The screen marks its
 * parts with `data-…`; this module lives as long as the inbox is on the screen.
 */
import { useEffect } from "react";

const GIVES_UP_AFTER = 12_000;
const $ = (selector) => document.querySelector(selector);
const form = () => $("#composer");
const box = () => $("#composer-text");
const shown = (element) => element instanceof Element && element.checkVisibility?.() !== false;

/** A key of this message's own. It works without https too, unlike randomUUID. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* ---- the text that is being written, by account and conversation ---- */

const drafts = {
  name: () => `chatrigo_draft_${form().dataset.account}_${form().elements.conversation.value}`,
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name())) ?? {};
    } catch {
      return {};
    }
  },
  write() {
    try {
      const { elements } = form();
      if (!elements.body.value) sessionStorage.removeItem(this.name());
      else
        sessionStorage.setItem(
          this.name(),
          JSON.stringify({ body: elements.body.value, mode: elements.mode.value, key: elements.key.value }),
        );
    } catch {
      /* storage may be full or refused; the text stays in the box */
    }
  },
};

function restore() {
  if (!form()) return;
  const { elements } = form();
  const { body = "", mode = "reply", key = newKey() } = drafts.read();
  elements.body.value = body;
  elements.key.value = key;
  for (const choice of form().querySelectorAll("[name=mode]")) choice.checked = choice.value === mode;
  settle();
}

/** After the text changed by our hand. */
function settle() {
  hint();
  fit();
  canned.close();
  drafts.write();
  form().dataset.empty = String(!box().value.trim());
}

/** The words in the empty box say where the text will go. */
function hint() {
  const { replyHint, noteHint } = box().dataset;
  box().placeholder = form().elements.mode.value === "note" ? noteHint : replyHint;
}

/** As high as its text, where the style sheet alone can't do it. */
function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  box().style.height = "auto";
  box().style.height = `${box().scrollHeight + 2}px`;
}

/* ---- sending ---- */

let waiting;

function submitting(event) {
  if (event.target !== form()) return;
  if (!box().value.trim() || form().dataset.state === "sending") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  canned.close();
  form().dataset.state = "sending";
  clearTimeout(waiting);
  waiting = setTimeout(() => failed(form()?.elements.key.value, "slow"), GIVES_UP_AFTER);
}

function accepted(key) {
  clearTimeout(waiting);
  if (!form() || form().elements.key.value !== key) return;
  form().elements.body.value = "";
  form().elements.key.value = newKey();
  form().dataset.state = "ready";
  settle();
  box().focus({ preventScroll: true });
  $("#messages")?.parentElement.scrollTo({ top: 0 });
}

function failed(key, state = "failed") {
  clearTimeout(waiting);
  if (form() && form().elements.key.value === key) form().dataset.state = state;
}

/* ---- canned replies: "/" and the beginning of a word ---- */

const canned = {
  list: () => $("#canned"),
  options() {
    return [...this.list().querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  },
  isOpen() {
    return this.list()?.hidden === false;
  },
  close() {
    if (!this.list()) return;
    this.list().hidden = true;
    box()?.setAttribute("aria-expanded", "false");
    box()?.removeAttribute("aria-activedescendant");
  },
  follow() {
    if (!this.list()) return;
    const typed = /^\/(\S*)$/.exec(box().value);
    if (!typed) return this.close();
    const wanted = typed[1].toLowerCase();
    for (const option of this.list().querySelectorAll("[role=option]")) {
      const { shortcut, body } = option.dataset;
      option.hidden = !(shortcut.includes(wanted) || (wanted.length > 2 && body.toLowerCase().includes(wanted)));
    }
    const options = this.options();
    options.sort((a, b) => b.dataset.shortcut.startsWith(wanted) - a.dataset.shortcut.startsWith(wanted));
    $("#canned-none")?.toggleAttribute("hidden", options.length > 0);
    this.list().hidden = false;
    box().setAttribute("aria-expanded", "true");
    this.choose(options[0]);
  },
  chosen() {
    return this.options().find((option) => option.ariaSelected === "true");
  },
  choose(option) {
    for (const each of this.list().querySelectorAll("[role=option]")) {
      each.ariaSelected = String(each === option);
    }
    if (!option) return box().removeAttribute("aria-activedescendant");
    box().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  },
  step(by) {
    const options = this.options();
    if (options.length) this.choose(options.at((options.indexOf(this.chosen()) + by) % options.length));
  },
  insert(option) {
    if (!option) return this.close();
    box().value = option.dataset.body;
    settle();
    box().focus();
  },
  key(event) {
    if (event.key === "ArrowDown") this.step(1);
    else if (event.key === "ArrowUp") this.step(-1);
    else if (event.key === "Enter" || event.key === "Tab") this.insert(this.chosen());
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
};

/* ---- keys ---- */

const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);

function move(by) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement.closest?.("[data-row]"));
  const from = here < 0 ? all.findIndex((row) => row.ariaCurrent === "true") : here;
  const to = from < 0 ? (by > 0 ? 0 : all.length - 1) : from + by;
  all[Math.max(0, Math.min(to, all.length - 1))].focus();
}

function press(name) {
  const target = [...document.querySelectorAll(`[data-key="${name}"]`)].find(shown);
  if (!target) return false;
  if (target.matches("input[type=search], textarea")) target.focus();
  else target.click();
  return true;
}

function write(mode) {
  const choice = form()?.querySelector(`[name=mode][value=${mode}]`);
  if (!choice) return;
  choice.checked = true;
  hint();
  box().focus();
}

const keys = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  r: () => write("reply"),
  n: () => write("note"),
  e: () => press("e"),
  a: () => press("a"),
  t: () => press("t"),
  "/": () => press("/"),
  "?": () => $("#keys")?.showModal(),
  Escape: () => press("Escape"),
};

function typingIn(target) {
  return target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable=true]"));
}

function keyed(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  if (target === box()) return keyedInBox(event);
  if (event.key === "Escape" && typingIn(target)) return target.blur();
  if (typingIn(target) || $("dialog[open], [popover]:popover-open")) return;
  if (event.key.startsWith("Arrow") && !target.closest("[data-row]") && target !== document.body) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

/** Enter sends where there is a keyboard; on a phone it makes a line, and a button sends. */
function keyedInBox(event) {
  if (canned.isOpen()) return canned.key(event);
  if (event.key === "Escape") return box().blur();
  const sends = event.key === "Enter" && !event.shiftKey && matchMedia("(hover: hover) and (pointer: fine)").matches;
  if (!sends) return;
  event.preventDefault();
  form().requestSubmit();
}

function typed(event) {
  if (event.target.form !== form() || !form()) return;
  form().dataset.empty = String(!box().value.trim());
  if (["failed", "slow"].includes(form().dataset.state)) form().dataset.state = "ready";
  hint();
  if (event.target === box()) {
    fit();
    canned.follow();
  }
  drafts.write();
}

function clicked(event) {
  if (!(event.target instanceof Element)) return;
  const option = event.target.closest("#canned [role=option]");
  if (option) return canned.insert(option);
  if (event.target.closest("[data-canned]")) {
    box().value = "/";
    box().focus();
    return canned.follow();
  }
  if (canned.isOpen() && event.target !== box()) canned.close();
  const picture = event.target.closest("[data-enlarge]");
  if (picture) {
    $("#picture img").src = picture.dataset.enlarge;
    $("#picture").showModal();
  }
  if (event.target.closest("[data-newest]")) $("#messages").parentElement.scrollTo({ top: 0, behavior: "smooth" });
}

/** Whether the reader has left the newest messages; they run from the bottom, so 0 is the end. */
function scrolled(event) {
  if (event.target !== $("#messages")?.parentElement) return;
  event.target.parentElement.dataset.away = String(event.target.scrollTop < -160);
}

/* ---- sound and notification ---- */

let audio;

function beep() {
  audio ??= new AudioContext();
  audio.resume();
  [659.25, 880].forEach((pitch, index) => {
    const at = audio.currentTime + index * 0.13;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  });
}

/** Called by a click only: browsers ask the person, and allow sounds from then on. */
function arm() {
  beep();
  if (window.Notification?.permission === "default") Notification.requestPermission();
}

function alertOf(news, { alerts, visitor, person }) {
  if (alerts !== "on" || !(document.hidden || news.person)) return;
  beep();
  if (window.Notification?.permission !== "granted" || !document.hidden) return;
  const name = news.name || visitor;
  const note = new Notification(news.person ? `${name} · ${person}` : name, {
    body: news.text,
    tag: `chatrigo-${news.id}`,
    icon: "/favicon.svg",
  });
  note.onclick = () => {
    window.focus();
    const row = document.querySelector(`[data-row="${news.id}"]`);
    if (row) row.click();
    else location.assign(`/inbox/${news.id}`);
    note.close();
  };
}

/** Resolves with the conversation once the page is looked at, so that nothing unseen counts as read. */
function whenSeen(conversation) {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve(conversation);
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}

/* What the server's events call. It stands before anything is on the screen that may need it. */
let told = {};
if (typeof window !== "undefined") {
  window.chatrigoInbox = { accepted, failed, arm, whenSeen, alert: (news) => alertOf(news, told) };
}

/** The invisible part of the screen. */
export function InboxKeeper({ conversation, unread, alerts, title, visitor, person }) {
  useEffect(() => {
    const listen = [
      ["keydown", keyed],
      ["input", typed],
      ["change", typed],
      ["click", clicked],
      ["submit", submitting],
      ["scroll", scrolled],
    ];
    for (const [name, listener] of listen) document.addEventListener(name, listener, true);
    return () => {
      for (const [name, listener] of listen) document.removeEventListener(name, listener, true);
    };
  }, []);

  useEffect(restore, [conversation]);

  useEffect(() => {
    told = { alerts, visitor, person };
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  });

  return null;
}
