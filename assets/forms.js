/*
 * Forms with `data-guard`: while they hold changes they carry `data-dirty`, and leaving the page,
 * closing the tab or giving up asks first, in the words of `data-guard`. `[data-fill]` writes its
 * `data-text` into the field it names.
 */
(() => {
  const guarded = () => document.querySelectorAll("form[data-guard][data-dirty]");
  const clean = (form) => form?.removeAttribute("data-dirty");
  const meant = () => {
    const [form] = guarded();
    return !form || confirm(form.dataset.guard);
  };

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target instanceof Element && event.target.closest("form[data-guard]");
      if (form) form.dataset.dirty = "true";
    });
  }

  document.addEventListener(
    "click",
    (event) => {
      if (!(event.target instanceof Element)) return;
      const link = event.target.closest("a[href]");
      const leaves = link && link.target !== "_blank" && !link.getAttribute("href").startsWith("#");
      if (leaves && !event.ctrlKey && !event.metaKey) {
        if (meant()) return guarded().forEach(clean);
        event.preventDefault();
        event.stopPropagation();
      }

      const filler = event.target.closest("[data-fill]");
      if (filler) {
        const field = document.getElementById(filler.dataset.fill);
        field.value = filler.dataset.text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      }

      const discard = event.target.closest("[data-discard]");
      if (discard) {
        const form = document.getElementById(discard.dataset.discard);
        if (!confirm(form.dataset.guard)) return;
        form.reset();
        clean(form);
      }
    },
    true,
  );

  addEventListener("beforeunload", (event) => {
    if (guarded().length) event.preventDefault();
  });

  window.chatrigoForms = { saved: (id) => clean(document.getElementById(id)) };
})();
