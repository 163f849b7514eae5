/*
 * Files chosen in or dropped on `[data-upload]` travel by POST, one after another, each with a line
 * of progress in the element that `data-into` names. The server tells the page of what came of it
 * in its own way; a refusal stays as a line until it is dismissed. Words come from the element.
 */
(() => {
  const filled = (text, values) =>
    Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), text);

  function line(zone, file) {
    const row = document.createElement("li");
    row.className = "upload-line";
    const words = document.createElement("p");
    words.textContent = filled(zone.dataset.uploading, { name: file.name });
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.className = "progress";
    bar.setAttribute("aria-label", words.textContent);
    row.append(words, bar);
    document.getElementById(zone.dataset.into)?.append(row);
    return {
      go: (share) => (bar.value = share * 100),
      end: () => row.remove(),
      fail: (reason) => {
        bar.remove();
        row.setAttribute("role", "alert");
        row.dataset.failed = "true";
        words.textContent = `${file.name}: ${reason}`;
        const dismiss = document.createElement("button");
        dismiss.type = "button";
        dismiss.textContent = zone.dataset.dismiss;
        dismiss.addEventListener("click", () => row.remove());
        row.append(dismiss);
      },
    };
  }

  function send(zone, file, shown) {
    return new Promise((over) => {
      if (file.size > Number(zone.dataset.most)) {
        shown.fail(zone.dataset.big);
        return over();
      }
      const request = new XMLHttpRequest();
      request.open("POST", zone.dataset.upload);
      request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
      request.setRequestHeader("Accept-Language", document.documentElement.lang || "id");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.go(event.loaded / event.total);
      });
      request.addEventListener("load", () => {
        if (request.status === 201) shown.end();
        else if (request.status === 401) location.assign("/sign-in");
        else {
          let reason = zone.dataset.failed;
          try {
            reason = JSON.parse(request.responseText).message || reason;
          } catch {}
          shown.fail(reason);
        }
        over();
      });
      for (const broken of ["error", "abort", "timeout"]) {
        request.addEventListener(broken, () => {
          shown.fail(zone.dataset.failed);
          over();
        });
      }
      request.send(file);
    });
  }

  async function take(zone, files) {
    zone.closest("dialog")?.close();
    const waiting = [...files].map((file) => [file, line(zone, file)]);
    for (const [file, shown] of waiting) await send(zone, file, shown);
  }

  const zoneOf = (event) =>
    event.target instanceof Element ? event.target.closest("[data-upload]") : null;

  document.addEventListener("change", (event) => {
    const zone = zoneOf(event);
    if (!zone || event.target.type !== "file") return;
    take(zone, event.target.files);
    event.target.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      const zone = zoneOf(event);
      if (!zone || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.dataset.over = "true";
    });
  }
  document.addEventListener("dragleave", (event) => {
    const zone = zoneOf(event);
    if (zone && !zone.contains(event.relatedTarget)) delete zone.dataset.over;
  });
  document.addEventListener("drop", (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    delete zone.dataset.over;
    if (event.dataTransfer?.files.length) take(zone, event.dataTransfer.files);
  });
})();
