/* Everything works without this file: it moves in the score grid, sends a form once, sets focus. */
(function () {
  "use strict";

  function sideways(cell, back) {
    var next = null;
    while (cell && !next) {
      cell = back ? cell.previousElementSibling : cell.nextElementSibling;
      next = cell && cell.querySelector("input");
    }
    return next;
  }

  function upOrDown(cell, up) {
    var row = cell.parentNode, column = cell.cellIndex, next = null;
    while (row && !next) {
      row = up ? row.previousElementSibling : row.nextElementSibling;
      next = row && row.cells[column] && row.cells[column].querySelector("input");
    }
    return next;
  }

  /* Arrows, Enter and Shift+Enter walk the grid; left and right only at the edge of the text. */
  document.addEventListener("keydown", function (event) {
    var input = event.target, cell = input.matches && input.matches(".grid td input") && input.closest("td");
    if (!cell || !/^(Arrow(Up|Down|Left|Right)|Enter)$/.test(event.key)) return;
    if (event.key === "ArrowLeft" && input.selectionStart > 0) return;
    if (event.key === "ArrowRight" && input.selectionEnd < input.value.length) return;
    var next = /Left|Right/.test(event.key)
      ? sideways(cell, event.key === "ArrowLeft")
      : upOrDown(cell, event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey));
    event.preventDefault();
    if (next) { next.focus(); next.select(); }
  });

  function mark(form, sent) {
    form.toggleAttribute("data-sent", sent);
    form.querySelectorAll("button:not([type=button]), input[type=submit]").forEach(function (button) {
      if (sent) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    });
  }

  /* A second click on the same form is ignored. The button is not disabled: its value would be lost.
     Forms that htmx sends, and those whose answer is a file (data-again), are left alone. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-again")) return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    mark(form, true);
  });

  /* "Back" may bring the page out of the browser's memory as it was left. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { mark(form, false); });
  });

  var first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
