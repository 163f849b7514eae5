/*
 * The chat bubble for a shop's own site:
 *   <script src="https://…/widget.js" data-shop="kopi-senandika" async></script>
 * Options: data-lang="id|en", data-position="right|left", data-color="#0b6b57" (or data-colour).
 * The chat itself is a frame of our origin and is loaded when the bubble is first opened. A page
 * with a Content-Security-Policy must allow our origin in script-src and frame-src.
 */
(() => {
  const script = document.currentScript;
  const shop = script?.dataset.shop;
  if (!shop || window.chatrigoBubble) return;
  window.chatrigoBubble = true;

  const origin = new URL(script.src).origin;
  const { lang, position } = script.dataset;
  const color = script.dataset.color || script.dataset.colour || "";
  const english = (lang || document.documentElement.lang || "id").toLowerCase().startsWith("en");
  const words = english
    ? { open: "Open chat", close: "Close chat", title: "Chat with us", news: "new messages" }
    : { open: "Buka chat", close: "Tutup chat", title: "Chat dengan kami", news: "pesan baru" };
  const side = position === "left" ? "left" : "right";
  const paint = CSS.supports("color", color) ? color : "#0b6b57";

  /* Dark signs on a light colour, as the eye needs them. */
  function ink() {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = paint;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return 0.3 * red + 0.59 * green + 0.11 * blue > 150 ? "#1c211d" : "#fff";
  }

  const host = document.createElement("div");
  host.id = "chatrigo-bubble";
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = `
    :host { all: initial; position: fixed; z-index: 2147483000; ${side}: 20px; bottom: 20px; }
    * { box-sizing: border-box; }
    button { width: 60px; height: 60px; border: 0; border-radius: 50%; cursor: pointer; padding: 0;
      display: grid; place-items: center; background: ${paint}; color: ${ink()}; float: ${side};
      box-shadow: 0 8px 24px rgb(0 0 0 / .24); transition: transform .15s; }
    button:hover { transform: scale(1.05); }
    button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px ${paint}; }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 2;
      stroke-linecap: round; stroke-linejoin: round; }
    .dot { position: absolute; top: -4px; ${side}: 0; min-width: 22px; height: 22px; padding: 0 6px;
      border-radius: 11px; background: #c62828; color: #fff; font: 700 12px/22px system-ui, sans-serif;
      text-align: center; }
    .panel { position: fixed; ${side}: 20px; bottom: 92px; width: 390px; border-radius: 18px;
      height: min(680px, calc(100dvh - 112px)); overflow: hidden; background: #f7f5ef;
      box-shadow: 0 16px 48px rgb(0 0 0 / .28); }
    iframe { width: 100%; height: 100%; border: 0; display: block; }
    [hidden] { display: none !important; }
    @media (max-width: 520px) {
      .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; }
      .open button { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } }`;

  const box = document.createElement("div");
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.title);
  panel.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.innerHTML =
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z"/></svg>';
  const dot = document.createElement("span");
  dot.className = "dot";
  dot.hidden = true;
  dot.setAttribute("aria-hidden", "true");
  button.append(dot);
  box.append(panel, button);
  root.append(style, box);

  let frame = null;
  let unread = 0;
  let isReady = false;

  function tell() {
    if (isReady) frame.contentWindow.postMessage({ chatrigo: panel.hidden ? "hidden" : "shown" }, origin);
  }

  function describe() {
    const isOpen = !panel.hidden;
    const news = unread ? ` (${unread} ${words.news})` : "";
    button.setAttribute("aria-label", isOpen ? words.close : words.open + news);
    button.setAttribute("aria-expanded", String(isOpen));
    dot.hidden = isOpen || !unread;
    dot.textContent = unread > 9 ? "9+" : String(unread);
    box.classList.toggle("open", isOpen);
  }

  function load() {
    frame = document.createElement("iframe");
    const language = lang ? `&lang=${english ? "en" : "id"}` : "";
    frame.src = `${origin}/c/${encodeURIComponent(shop)}?embed=1${language}`;
    frame.title = words.title;
    frame.allow = "clipboard-write";
    frame.addEventListener("load", () => {
      isReady = true;
      tell();
    });
    panel.append(frame);
  }

  function show(isOpen) {
    if (isOpen && !frame) load();
    panel.hidden = !isOpen;
    if (isOpen) unread = 0;
    tell();
    describe();
    (isOpen ? frame : button).focus();
  }

  button.addEventListener("click", () => show(panel.hidden));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) show(false);
  });
  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame?.contentWindow) return;
    const said = event.data || {};
    if (said.chatrigo === "close") show(false);
    if (said.chatrigo === "unread" && panel.hidden) {
      unread = Number(said.count) || 0;
      describe();
    }
  });

  describe();
  const place = () => document.body.append(host);
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
