/* Sends chosen files one by one while the form is still being filled in, each with its progress.
   Without this file the form sends them itself, together with the rest. */
(function () {
  "use strict";

  var zone = document.querySelector("[data-upload]");
  var list = zone && zone.querySelector("[data-queue]");
  if (!list) return;
  var form = zone.closest("form"), drop = zone.querySelector(".drop");
  var ledger = zone.querySelector("[data-ledger]"), status = zone.querySelector("[data-hold]");
  var queue = [], held = null;

  function words(name, values) {
    return Object.keys(values || {}).reduce(function (text, key) {
      return text.replace("{" + key + "}", values[key]);
    }, zone.getAttribute("data-say-" + name));
  }

  function size(bytes) {
    var kilo = bytes / 1024, big = kilo >= 1024;
    var number = big ? (kilo / 1024).toFixed(1) : String(Math.max(1, Math.round(kilo)));
    return number.replace(".", ",") + (big ? " MB" : " KB");
  }

  function make(tag, className, parent) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    parent.appendChild(made);
    return made;
  }

  function add(file) {
    var row = make("li", "", list), grow = make("div", "grow", row);
    make("span", "text-break", grow).textContent = file.name;
    var item = { file: file, row: row, state: "waiting", percent: 0 };
    item.note = make("span", "small muted d-block", grow);
    item.bar = make("progress", "w-100", grow);
    item.bar.max = 100;
    item.bar.setAttribute("aria-label", file.name);
    item.acts = make("span", "acts", row);
    queue.push(item);
    if (!file.size) return refuse(item, words("empty"));
    if (file.size > Number(zone.dataset.largest)) return refuse(item, words("large"));
    wait(item);
  }

  function button(item, name, act) {
    var made = make("button", "btn btn-quiet", item.acts);
    made.type = "button";
    made.textContent = words(name);
    made.setAttribute("aria-label", words(name) + " " + item.file.name);
    made.addEventListener("click", act);
  }

  function show(item, text, isError) {
    item.note.textContent = text;
    item.note.className = isError ? "err d-block" : "small muted d-block";
    if (isError) item.note.setAttribute("role", "alert");
    item.bar.hidden = isError;
    item.acts.textContent = "";
  }

  function wait(item) {
    item.state = "waiting";
    item.percent = item.bar.value = 0;
    show(item, size(item.file.size) + " · " + words("waiting"));
    button(item, "stop", function () { forget(item); });
  }

  function refuse(item, text) {
    item.state = "refused";
    show(item, text, true);
    button(item, "drop", function () { forget(item); });
  }

  function fail(item, text) {
    item.state = "failed";
    show(item, text, true);
    button(item, "retry", function () { wait(item); next(); });
    button(item, "drop", function () { forget(item); });
  }

  function forget(item) {
    if (item.request && item.state === "loading") item.request.abort();
    var place = queue.indexOf(item);
    if (place < 0) return;
    queue.splice(place, 1);
    item.row.remove();
    next();
  }

  function any(state) {
    return queue.filter(function (item) { return item.state === state; })[0];
  }

  function next() {
    if (any("loading")) return;
    var item = any("waiting");
    if (item) return send(item);
    if (!held) return;
    var submitter = held;
    held = null;
    status.textContent = "";
    if (!any("failed") && !any("refused")) form.requestSubmit(submitter.form ? submitter : null);
  }

  function send(item) {
    var data = new FormData(), request = new XMLHttpRequest();
    ["csrfmiddlewaretoken", "entry_key"].forEach(function (name) {
      var input = form.querySelector("[name=" + name + "]");
      if (input) data.append(name, input.value);
    });
    data.append("files", item.file, item.file.name);
    item.request = request;
    item.state = "loading";
    request.open("POST", zone.dataset.upload);
    request.upload.addEventListener("progress", function (event) {
      if (!event.lengthComputable || item.state !== "loading") return;
      item.percent = item.bar.value = Math.floor(event.loaded / event.total * 100);
      var values = { percent: item.percent, size: size(item.file.size) };
      item.note.textContent = item.percent < 100 ? words("loading", values) : words("checking");
    });
    request.addEventListener("load", function () { answered(item, request); next(); });
    request.addEventListener("error", function () {
      fail(item, words("offline", { percent: item.percent }));
      next();
    });
    request.send(data);
  }

  function answered(item, request) {
    var answer = null;
    try { answer = JSON.parse(request.responseText); } catch (page) { /* no answer to the script */ }
    if (request.status === 201 && answer) return taken(item, answer);
    if (answer && answer.error) return refuse(item, answer.error);
    // Another page instead of an answer: that of signing in.
    fail(item, words(request.status < 400 || request.status === 403 ? "login" : "broken"));
  }

  function taken(item, answer) {
    queue.splice(queue.indexOf(item), 1);
    item.row.remove();
    ledger.innerHTML = answer.html;
    status.textContent = item.file.name + ": " + words("taken");
    if (zone.dataset.upload === answer.upload) return;
    /* The first file of a new achievement made its draft: from here on this page edits it. */
    zone.dataset.upload = answer.upload;
    form.action = answer.edit;
    form.querySelector("[name=version]").value = answer.version;
    history.replaceState(history.state, "", answer.edit);
    zone.querySelectorAll("[data-once-stored]").forEach(function (act) { act.hidden = false; });
  }

  function choose(files) {
    Array.prototype.forEach.call(files, add);
    next();
  }

  zone.querySelectorAll("input[type=file]").forEach(function (input) {
    var label = input.nextElementSibling;
    if (input.hasAttribute("data-camera") && !matchMedia("(pointer: coarse)").matches) return;
    input.hidden = label.hidden = false;
    input.classList.add("visually-hidden");
    input.addEventListener("change", function () {
      var files = Array.prototype.slice.call(input.files);
      input.value = "";
      choose(files);
    });
  });
  ["dragover", "drop"].forEach(function (name) {
    drop.addEventListener(name, function (event) {
      if (!event.dataTransfer || event.dataTransfer.types.indexOf("Files") < 0) return;
      event.preventDefault();
      if (name === "drop") choose(event.dataTransfer.files);
    });
  });

  /* The form waits for its files; one that could not be sent is not left behind in silence. */
  document.addEventListener("submit", function (event) {
    if (event.target !== form || !(any("waiting") || any("loading") || any("failed"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (any("failed") && !any("loading") && !any("waiting")) {
      any("failed").acts.querySelector("button").focus();
      status.textContent = words("unsent");
      return;
    }
    held = event.submitter || form;
    status.textContent = words("hold");
  }, true);
  window.addEventListener("beforeunload", function (event) {
    if (any("waiting") || any("loading") || any("failed")) event.preventDefault();
  });
  window.addEventListener("online", function () {
    queue.forEach(function (item) { if (item.state === "failed") wait(item); });
    next();
  });
})();
