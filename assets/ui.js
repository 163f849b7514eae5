/*
 * What native elements leave undone, by one listener each on the document, so that it holds for
 * whatever the screen renders later: the language of the page before the first paint, menus,
 * the backdrop of dialogs, arrow keys, six-digit codes, buttons that open later, and copying.
 */
(() => {
  const root = document.documentElement;
  try {
    if (localStorage.getItem("chatrigo_locale") === "en") root.lang = "en";
  } catch {
    /* storage may be refused; Indonesian stays */
  }

  /* This browser works in another business now: every tab of it starts afresh there. */
  const restart = (to) => {
    sessionStorage.clear();
    location.assign(to);
  };
  window.chatrigoMoved = (to) => {
    localStorage.setItem("chatrigo_moved", String(Date.now()));
    restart(to);
  };
  addEventListener("storage", (event) => {
    if (event.key === "chatrigo_moved" && document.querySelector("[data-signed-in]")) restart("/inbox");
  });

  const inside = (event, selector) => event.target instanceof Element && event.target.closest(selector);

  function place(menu) {
    const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (!opener) return;
    const at = opener.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const below = at.bottom + 6 + height <= innerHeight || at.top < height;
    const left = at.left + width + 8 > innerWidth ? at.right - width : at.left;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - height - 6)}px`;
  }

  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!(menu instanceof Element) || !menu.matches("[popover].menu")) return;
      if (event.newState !== "open") return;
      place(menu);
      menu.querySelector("[role^=menuitem]:not(:disabled)")?.focus({ preventScroll: true });
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const dialog = event.target;
    if (dialog instanceof HTMLDialogElement && !("sticky" in dialog.dataset)) dialog.close();

    if (inside(event, ".skip-link")) {
      event.preventDefault();
      document.getElementById("isi")?.focus();
    }

    const closer = inside(event, "[data-close]");
    if (closer) closer.closest("dialog")?.close();

    if (inside(event, "[role^=menuitem]")) inside(event, "[popover]")?.hidePopover();

    const eye = inside(event, "[data-reveal]");
    if (eye) {
      const password = document.getElementById(eye.dataset.reveal);
      password.type = password.type === "password" ? "text" : "password";
      eye.setAttribute("aria-pressed", String(password.type === "text"));
    }

    const copier = inside(event, "[data-copy]");
    if (copier) {
      navigator.clipboard?.writeText(copier.dataset.copy).then(() => {
        copier.dataset.copied = "true";
        setTimeout(() => delete copier.dataset.copied, 1800);
      });
    }
  });

  document.addEventListener("keydown", (event) => {
    const group = inside(event, "[role=menu], [role=tablist], [role=radiogroup]");
    if (!group) return;
    const role = group.getAttribute("role");
    const items = [
      ...group.querySelectorAll(
        { menu: "[role^=menuitem]", tablist: "[role=tab]", radiogroup: "[role=radio]" }[role],
      ),
    ].filter((item) => !item.disabled);
    const here = items.indexOf(document.activeElement);
    const to = {
      ArrowDown: here + 1,
      ArrowRight: here + 1,
      ArrowUp: here - 1,
      ArrowLeft: here - 1,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (to === undefined || !items.length) return;
    event.preventDefault();
    const next = items.at(to % items.length);
    next.focus();
    if (role !== "menu") next.click();
  });

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.matches(".otp > input")) return;
    const digits = input.value.replace(/\D/g, "").slice(0, 6);
    if (digits !== input.value) input.value = digits;
    input.parentElement.dataset.filled = digits.length;
    if (digits.length === 6 && input.dataset.sent !== digits) input.form?.requestSubmit();
    input.dataset.sent = digits.length === 6 ? digits : "";
  });

  /* A button that opens after `data-wait` seconds; its [data-left] shows how many are left. */
  const opens = new WeakMap();
  function tick() {
    for (const button of document.querySelectorAll("button[data-wait]")) {
      if (!opens.has(button)) opens.set(button, Date.now() + button.dataset.wait * 1000);
      const left = Math.ceil((opens.get(button) - Date.now()) / 1000);
      const waits = left > 0;
      if (waits) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
      const shown = button.querySelector("[data-left]");
      if (shown) shown.textContent = waits ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "";
    }
  }
  setInterval(tick, 500);
  document.addEventListener(
    "click",
    (event) => {
      if (inside(event, "button[data-wait][aria-disabled=true]")) event.stopPropagation();
    },
    true,
  );
})();
