/*
 * A moment, put into words by the browser: in the zone of the business and the language of the
 * page, and still true when the page has been open for an hour.
 */
import { createElement, useSyncExternalStore } from "react";

const formats = new Map();

function format(locale, zone, options) {
  const name = `${locale} ${zone} ${JSON.stringify(options)}`;
  if (!formats.has(name)) {
    formats.set(name, new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...options }));
  }
  return formats.get(name);
}

const dayIn = (moment, zone) => format("sv-SE", zone, { dateStyle: "short" }).format(moment);
const capital = (words) => words.charAt(0).toLocaleUpperCase() + words.slice(1);

/** Whole days of the calendar between two moments, in the zone. */
function daysBetween(earlier, later, zone) {
  return Math.round((Date.parse(dayIn(later, zone)) - Date.parse(dayIn(earlier, zone))) / 86_400_000);
}

const relative = (locale, count, unit) =>
  new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(count, unit);

const looks = {
  clock: (moment, now, locale, zone) => format(locale, zone, { hour: "2-digit", minute: "2-digit" }).format(moment),

  /** For a list: the time today, then the day, then the date. */
  brief(moment, now, locale, zone) {
    const days = daysBetween(moment, now, zone);
    if (days < 1) return looks.clock(moment, now, locale, zone);
    if (days === 1) return capital(relative(locale, -1, "day"));
    if (days < 7) return format(locale, zone, { weekday: "long" }).format(moment);
    return format(locale, zone, days < 300 ? { day: "numeric", month: "short" } : { dateStyle: "short" }).format(moment);
  },

  /** Between messages: today, yesterday, or the date in full. */
  day(moment, now, locale, zone) {
    const days = daysBetween(moment, now, zone);
    if (days < 2) return capital(relative(locale, -days, "day"));
    const year = days < 300 ? {} : { year: "numeric" };
    return format(locale, zone, { weekday: "long", day: "numeric", month: "long", ...year }).format(moment);
  },

  ago(moment, now, locale) {
    const minutes = Math.round((moment - now) / 60_000);
    if (minutes > -60) return relative(locale, Math.min(0, minutes), "minute");
    if (minutes > -36 * 60) return relative(locale, Math.round(minutes / 60), "hour");
    return relative(locale, Math.round(minutes / 1440), "day");
  },

  /** Until a moment to come; nothing once it is over. */
  left(moment, now, locale) {
    const minutes = Math.ceil((moment - now) / 60_000);
    if (minutes <= 0) return "";
    return minutes < 120 ? relative(locale, minutes, "minute") : relative(locale, Math.floor(minutes / 60), "hour");
  },

  full: (moment, now, locale, zone) => format(locale, zone, { dateStyle: "full", timeStyle: "short" }).format(moment),
};

/* One clock for all: it ticks while something on the screen shows the time. */
const listeners = new Set();
let now = Date.now();
let timer;

function subscribe(listener) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    listeners.forEach((tell) => tell());
  }, 30_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export function When({ iso, zone, english, look, className }) {
  const ticked = useSyncExternalStore(subscribe, () => now, () => 0);
  const moment = new Date(iso);
  if (!ticked || Number.isNaN(moment.getTime())) return null;
  const locale = english ? "en-GB" : "id-ID";
  const present = new Date(Math.max(ticked, Date.now()));
  return createElement(
    "time",
    {
      dateTime: iso,
      title: looks.full(moment, present, locale, zone),
      className,
      "data-over": moment <= present ? "true" : undefined,
    },
    looks[look](moment, present, locale, zone),
  );
}
