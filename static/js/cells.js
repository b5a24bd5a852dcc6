/* A line of a score sheet is saved as it is typed: one small request a line, one at a time. What is
   not saved yet is kept by autosave.js in this browser; nothing is overwritten unseen. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-cells]");
  if (!form) return;
  var DELAY = 700, SHORTEST = 3000, LONGEST = 60000, PATIENCE = 20000;
  var NAMES = ["points", "actual", "target", "note", "basis"];
  var status = form.querySelector("[data-autosave-status]");
  var waiting = [], timers = {}, busy = false, wait = 0, again = 0, sender = null;

  function say(kind, time) {
    if (!status) return;
    status.hidden = false;
    status.classList.toggle("warn", kind !== "saved");
    status.querySelector("span").textContent = (status.dataset[kind] || "").replace("{time}", time || "");
    status.querySelector("a").hidden = kind !== "login";
  }

  function body(row) {
    var sent = new URLSearchParams();
    sent.set("lane", form.dataset.lane);
    sent.set("criterion", row.dataset.row);
    sent.set("was", row.dataset.was);
    NAMES.forEach(function (name) {
      var input = form.elements[name + "-" + row.dataset.row];
      if (input) sent.set(name, input.value);
    });
    return sent;
  }

  function refuse(row, text) {
    var place = row.querySelector("[data-refused]");
    place.textContent = text || "";
    place.hidden = !text;
    row.querySelectorAll("input").forEach(function (input) {
      if (text) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    });
  }

  function set(selector, text) {
    form.querySelectorAll(selector).forEach(function (box) { box.textContent = text; });
  }

  function accepted(row, answer, sent) {
    var version = form.elements.version, gap = row.querySelector("[data-gap]");
    row.dataset.was = answer.was;
    // Somebody else saved in between: the whole form then stays over the version it was made from.
    if (Number(answer.version) === Number(version.value) + 1) version.value = answer.version;
    refuse(row, "");
    if (body(row).toString() !== sent.replace(/was=[^&]*/, "was=" + answer.was)) enqueue(row);
    row.querySelectorAll("[data-points]").forEach(function (box) { box.textContent = answer.points; });
    Object.keys(answer.groups || {}).forEach(function (code) {
      set("[data-total='" + CSS.escape(code) + "']", answer.groups[code]);
    });
    if (answer.total) set("[data-total='']", answer.total);
    if ("filled" in answer) set("[data-filled]", answer.filled);
    if (gap) gap.hidden = !answer.gap;
    if (answer.rank) {
      set("[data-rank]", answer.rank);
      form.querySelector("[data-rank-box]").hidden = false;
    }
    if (!waiting.length) {
      say("saved", answer.time);
      form.dispatchEvent(new Event("cells:stored"));
    }
  }

  function take(row, answer, sent) {
    wait = 0;
    if (answer.status === 200) return accepted(row, answer, sent);
    if (answer.status === 401) return later(row, "login");
    if (answer.error === "stale") { row.dataset.was = answer.was; return refuse(row, answer.text); }
    if (answer.fields) {
      return refuse(row, Object.keys(answer.fields).map(function (name) { return answer.fields[name].join(" "); }).join(" "));
    }
    if (answer.text) return refuse(row, answer.text);
    later(row, "offline");
  }

  function later(row, kind) {
    if (waiting.indexOf(row) < 0) waiting.unshift(row);
    sender = null;
    say(kind);
    wait = Math.min(wait * 2 || SHORTEST, LONGEST);
    clearTimeout(again);
    again = setTimeout(next, wait);
  }

  function next() {
    if (busy) return;
    if (!waiting.length) return finish();
    var row = waiting.shift(), sent = body(row).toString();
    var control = new AbortController(), end = setTimeout(function () { control.abort(); }, PATIENCE);
    busy = true;
    row.classList.add("saving");
    fetch(form.dataset.cells, {
      method: "POST", body: sent, cache: "no-store", signal: control.signal, keepalive: true,
      headers: {
        "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value
      }
    }).then(function (response) {
      return response.json().catch(function () { return {}; }).then(function (answer) {
        answer.status = response.status;
        return answer;
      });
    }).catch(function () { return null; }).then(function (answer) {
      clearTimeout(end);
      busy = false;
      row.classList.remove("saving");
      if (!answer) return later(row, "offline");
      take(row, answer, sent);
      if (!wait) next();
    });
  }

  /* The whole form was to be sent and waited for the last line. */
  function finish() {
    if (!sender) return;
    var button = sender.button;
    sender = null;
    form.requestSubmit(button);
  }

  function enqueue(row) { if (waiting.indexOf(row) < 0) waiting.push(row); }

  function plan(row, delay) {
    clearTimeout(timers[row.dataset.row]);
    timers[row.dataset.row] = setTimeout(function () {
      delete timers[row.dataset.row];
      enqueue(row);
      next();
    }, delay);
  }

  form.addEventListener("input", function (event) {
    var row = event.target.closest("[data-row]");
    if (row && event.isTrusted) plan(row, DELAY);
  });
  form.addEventListener("change", function (event) {
    var row = event.target.closest("[data-row]");
    if (row && event.isTrusted) plan(row, 0);
  });
  window.addEventListener("online", function () { wait = 0; next(); });
  // Before every other listener: a line under way would make the form stale.
  document.addEventListener("submit", function (event) {
    if (event.target !== form || (!busy && !waiting.length && !Object.keys(timers).length)) return;
    if (wait) return;
    event.preventDefault();
    sender = { button: event.submitter };
    Object.keys(timers).forEach(function (key) {
      clearTimeout(timers[key]);
      delete timers[key];
      enqueue(form.querySelector("[data-row='" + key + "']"));
    });
    next();
  }, true);
})();
