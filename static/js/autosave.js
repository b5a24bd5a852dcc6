/* What is typed is kept while it is typed: in this browser with every character, on the server
   soon after. A text leaves the browser's store only when the server has these very characters.
   The store is divided by user and by opened page; nothing of another user is ever read. */
(function () {
  "use strict";

  var user = document.currentScript.dataset.user;
  var PREFIX = "thidua:" + user + ":";
  var WINDOW = Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
  var FIRST = 2000, EVERY = 10000, SHORTEST = 3000, LONGEST = 60000, PATIENCE = 20000, ANSWERED = 250;
  var MOST_AT_LEAVING = 60000;
  var NOT_TYPED = ["csrfmiddlewaretoken", "_window", "_count"];
  var NOT_COMPARED = ["version", "before", "entry_key"];

  // The browser's store; where it is switched off, the server alone keeps the text

  function openShelf() {
    try { window.localStorage.getItem(PREFIX); return window.localStorage; } catch (off) {
      return { getItem: function () { return null; }, setItem: function () { throw off; }, removeItem: function () {} };
    }
  }
  var shelf = openShelf();

  function stored() {
    return Object.keys(shelf).filter(function (name) {
      return name.indexOf(PREFIX) === 0;
    }).map(function (name) {
      var text = shelf.getItem(name);
      try { return { name: name, text: text, entry: JSON.parse(text) }; } catch (broken) { return null; }
    }).filter(Boolean).sort(function (a, b) { return b.entry.at - a.entry.at; });
  }

  function drop(item) {
    // A page that is still open may have written on.
    if (shelf.getItem(item.name) === item.text) shelf.removeItem(item.name);
  }

  function put(name, entry) {
    try { shelf.setItem(name, JSON.stringify(entry)); return true; } catch (full) { return false; }
  }

  // Forms and what stands in them

  function typed(form) {
    var found = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== "string" || NOT_TYPED.indexOf(name) >= 0) return;
      (found[name] = found[name] || []).push(value);
    });
    return found;
  }

  function fill(form, fields) {
    var times = {};
    Array.prototype.forEach.call(form.elements, function (input) {
      var texts = fields[input.name];
      if (!input.name || NOT_TYPED.indexOf(input.name) >= 0 || /^(file|password|submit|button|reset|image)$/.test(input.type)) return;
      if (/^(checkbox|radio)$/.test(input.type)) {
        input.checked = !!texts && texts.indexOf(input.value) >= 0;
      } else if (input.type === "select-multiple") {
        Array.prototype.forEach.call(input.options, function (option) {
          option.selected = !!texts && texts.indexOf(option.value) >= 0;
        });
      } else if (texts) {
        var turn = times[input.name] = (times[input.name] || 0) + 1;
        if (texts[turn - 1] !== undefined) input.value = texts[turn - 1];
      }
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function same(a, b) {
    function shown(fields) {
      return JSON.stringify(Object.keys(fields).sort().filter(function (name) {
        return NOT_COMPARED.indexOf(name) < 0 && fields[name].join("") !== "";
      }).map(function (name) { return [name, fields[name]]; }));
    }
    return shown(a) === shown(b);
  }

  function clock(at) {
    var date = new Date(at), two = function (n) { return ("0" + n).slice(-2); };
    return two(date.getHours()) + ":" + two(date.getMinutes());
  }

  // The server

  function token() {
    var input = document.querySelector("[name=csrfmiddlewaretoken]");
    return input ? input.value : (document.cookie.match(/csrftoken=([^;]+)/) || [])[1] || "";
  }

  function ask(url, body, last) {
    var control = new AbortController(), end = setTimeout(function () { control.abort(); }, PATIENCE);
    return fetch(url, {
      method: body ? "POST" : "GET", body: body, signal: control.signal, cache: "no-store",
      keepalive: !!last && body.length < MOST_AT_LEAVING,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() }
    }).then(function (response) {
      clearTimeout(end);
      return response.json().catch(function () { return {}; }).then(function (answer) {
        answer.status = response.status;
        return answer;
      });
    });
  }

  function message(entry, version, opened) {
    return JSON.stringify({
      user: user, key: entry.key, window: entry.window, version: version, opened: opened || 0, fields: entry.fields
    });
  }

  /* Ask who is signed in by now; a new session has a new token, which every form must send. */
  function renew(url) {
    return ask(url).then(function (answer) {
      if (answer.status !== 200) return answer.status === 401 ? "login" : "offline";
      if (answer.user !== user) return "stranger";
      document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (input) {
        input.value = answer.token;
      });
      return "";
    }).catch(function () { return "offline"; });
  }

  // One form

  function watch(form) {
    var key = form.dataset.autosave, url = form.dataset.autosaveUrl, opened = Number(form.dataset.autosaveOpened);
    var count = Number(form.dataset.autosaveVersion), state = form.dataset.autosaveState;
    var known = JSON.stringify(typed(form)), adopted = null;
    var timer = 0, wait = 0, pace = FIRST, busy = false, leaving = false, blocked = "", filling = false;
    var notes = document.querySelector("[data-autosave-notes='" + key + "']");
    var status = form.querySelector("[data-autosave-status]");

    function note(name) { return notes && notes.querySelector("[data-autosave-" + name + "]"); }

    function say(kind, time, text) {
      if (!status) return;
      status.hidden = false;
      status.classList.toggle("warn", kind !== "saved");
      var words = (text || status.dataset[kind] || "").replace("{time}", time || "");
      var place = status.querySelector("span");
      if (place.textContent !== words) place.textContent = words;
      status.querySelector("a").hidden = kind !== "login";
    }

    function show(name, time, acts) {
      var box = note(name), words = box && box.querySelector("[data-text]");
      if (!box) return;
      words.textContent = words.dataset.text.replace("{time}", time);
      box.querySelectorAll("button").forEach(function (button, turn) {
        button.onclick = function () { box.hidden = true; acts[turn](); };
      });
      box.hidden = false;
    }

    function mine() { return PREFIX + key + "|" + WINDOW; }
    function now() { return JSON.stringify(typed(form)); }
    function isDirty() { return now() !== known; }

    function write() {
      var entry = {
        key: key, url: url, window: WINDOW, version: count, at: Date.now(), fields: typed(form), submitted: leaving
      };
      if (!put(mine(), entry)) say("full");
    }

    function plan(delay) {
      if (!timer) timer = setTimeout(function () { timer = 0; send(); }, delay);
    }

    function send(last) {
      if (leaving || !isDirty() || blocked === "conflict" || (busy && !last) || "cells" in form.dataset) return;
      clearTimeout(timer);
      timer = 0;
      pace = EVERY;
      var fields = typed(form), text = JSON.stringify(fields), version = count += 1;
      busy = true;
      ask(url, message({ key: key, window: WINDOW, fields: fields }, version, opened), last)
        .then(function (answer) { busy = false; take(answer, text, fields, version); })
        .catch(function () { busy = false; later("offline"); });
    }

    function later(kind) {
      blocked = kind === "offline" ? "" : kind;
      wait = Math.min(wait * 2 || SHORTEST, LONGEST);
      say(kind);
      plan(wait);
    }

    function take(answer, text, fields, version) {
      if (answer.status === 200) return accepted(answer, text, version);
      if (answer.status === 409) return collided(answer, fields);
      if (answer.status === 401 || answer.status === 403) return restart(answer.status);
      if (answer.status === 422) {
        // What carries a secrecy mark stays on the screen alone.
        if (answer.error === "secret") { blocked = "secret"; shelf.removeItem(mine()); }
        return say("refused", "", answer.text);
      }
      if (answer.status === 413) return say("too_long");
      return later("offline");
    }

    function accepted(answer, text, version) {
      wait = 0;
      blocked = "";
      if (!answer.kept) { count = Math.max(count, answer.version); return plan(SHORTEST); }
      known = text;
      tell(answer.others);
      if (isDirty()) return plan(EVERY);
      shelf.removeItem(mine());
      say("saved", answer.time);
    }

    function tell(texts) {
      var box = note("others");
      if (!box || !texts) return;
      box.hidden = !texts.length;
      box.querySelectorAll("p:not(.small)").forEach(function (line) { line.remove(); });
      texts.slice().reverse().forEach(function (text) {
        var line = document.createElement("p");
        line.textContent = text;
        box.insertBefore(line, box.firstChild);
      });
    }

    /* Another page of the same person wrote the form meanwhile. */
    function collided(answer, fields) {
      function goOn() { count = answer.version; blocked = ""; send(); }
      function giveUp() { shelf.removeItem(mine()); leaving = true; location.reload(); }
      if (same(answer.fields, fields) || (adopted && same(answer.fields, adopted))) return goOn();
      blocked = "conflict";
      say("conflict");
      show("conflict", answer.time, [goOn, giveUp]);
    }

    function restart(reason) {
      renew(url).then(function (trouble) {
        if (trouble || reason === 403 && wait > SHORTEST) return later(trouble || "offline");
        if (reason === 403) wait = wait * 2 || SHORTEST;
        blocked = "";
        send();
      });
    }

    // What the browser kept when this page was left the last time

    function restore(item) {
      var entry = item.entry;
      filling = true;
      fill(form, entry.fields);
      filling = false;
      adopted = entry.fields;
      if (entry.key !== form.dataset.autosaveAlso) key = entry.key;
      write();
      drop(item);
      if (note("restored")) note("restored").hidden = true;
      show("found", clock(entry.at), [forget]);
      send();
    }

    function forget() {
      shelf.removeItem(mine());
      leaving = true;
      var bin = document.createElement("form");
      bin.method = "post";
      bin.action = url + "bo/";
      [["csrfmiddlewaretoken", token()], ["key", key]].forEach(function (pair) {
        var input = document.createElement("input");
        input.type = "hidden";
        input.name = pair[0];
        input.value = pair[1];
        bin.append(input);
      });
      document.body.append(bin);
      bin.submit();
    }

    /* Return whether the entry belongs to this page; then it is restored, offered or done with. */
    function adopt(item) {
      var entry = item.entry, place = key.split("#")[0] + "#";
      var isHere = entry.key === key || entry.key === form.dataset.autosaveAlso, isLastOne = entry.window === form.dataset.autosaveWindow;
      if (!isHere) {
        var fits = key.indexOf("#") > 0 && entry.key.indexOf(place) === 0;
        if (!fits || entry.submitted || state !== "new" || adopted || isDirty()) return false;
        restore(item);
      } else if (same(entry.fields, typed(form)) || (entry.submitted && state === "refused")) {
        drop(item);
      } else if (entry.submitted && state === "done" && isLastOne && entry.version <= count) {
        drop(item);
      } else if (state !== "refused" && !adopted && !isDirty() && (entry.version >= count || isLastOne)) {
        restore(item);
      } else {
        show("conflict", form.dataset.autosaveTime || clock(entry.at), [
          function () { restore(item); }, function () { drop(item); }
        ]);
      }
      return true;
    }

    /* A new form that was sent into the void is found again once the server says it has none. */
    function welcome(item, answer) {
      var place = key.split("#")[0] + "#";
      if (key.indexOf("#") < 0 || item.entry.key.indexOf(place) !== 0) return;
      if (state !== "new" || adopted || isDirty()) return;
      count = answer.version;
      restore(item);
    }

    function keepField(name, value) {
      var input = form.querySelector("[name=" + name + "]") || form.appendChild(document.createElement("input"));
      input.type = "hidden";
      input.name = name;
      input.value = value;
    }

    form.addEventListener("input", function () {
      if (filling) return;
      leaving = false;
      if (!isDirty() && !busy) return shelf.removeItem(mine());
      if (blocked !== "secret") write();
      plan(pace);
    });
    form.addEventListener("cells:stored", function () { known = now(); shelf.removeItem(mine()); });
    form.addEventListener("change", function () { if (!filling) send(); });
    form.addEventListener("focusout", function () { send(); });
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) return;
      if (navigator.onLine === false || blocked === "login" || blocked === "stranger") {
        event.preventDefault();
        write();
        return restart(401);
      }
      leaving = true;
      keepField("_window", WINDOW);
      keepField("_count", count);
      if (isDirty() || busy) write();
    });
    window.addEventListener("pagehide", function () { send(true); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) leaving = false; });
    window.addEventListener("online", function () { wait = 0; send(); });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") return send(true);
      renew(url).then(function (trouble) {
        if (trouble === "offline") return;
        blocked = trouble || (/^(login|stranger)$/.test(blocked) ? "" : blocked);
        if (trouble) say(trouble); else send();
      });
    });

    return {
      adopt: adopt,
      welcome: welcome,
      start: function () {
        if (state === "refused") { known = null; write(); send(); }
      }
    };
  }

  // What pages left behind that are open no more

  function deliver(item, pages) {
    var entry = item.entry;
    ask(entry.url, message(entry, entry.version + 1)).then(function (answer) {
      if (answer.status === 200 && answer.kept) {
        pages.forEach(function (page) { page.welcome(item, answer); });
        drop(item);
      } else if (answer.status === 200 || answer.error === "secret") {
        // It came late: the server has what this page sent last, or the form is saved.
        drop(item);
      } else if (answer.status === 409 && same(answer.fields, entry.fields)) {
        drop(item);
      }
    }).catch(function () { /* The next page tries again. */ });
  }

  /* Every open page answers when a new one asks; what it keeps is its own business. */
  var channel = window.BroadcastChannel ? new BroadcastChannel(PREFIX) : null, living = {};
  if (channel) {
    channel.onmessage = function (event) {
      if (event.data === "who") channel.postMessage(WINDOW);
      else living[event.data] = true;
    };
  }

  var forms = Array.prototype.map.call(document.querySelectorAll("form[data-autosave]"), watch);
  forms.forEach(function (form) { form.start(); });
  if (!stored().length) return;
  if (channel) channel.postMessage("who");
  setTimeout(function () {
    stored().filter(function (item) {
      return !living[item.entry.window] && item.entry.window !== WINDOW;
    }).forEach(function (item) {
      if (!forms.some(function (form) { return form.adopt(item); })) deliver(item, forms);
    });
  }, channel ? ANSWERED : 0);
})();
