"""A person without JavaScript: opens pages, fills forms that are really there, presses buttons."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


class Form:
    """A form as a page shows it: where it goes, what stands in it, its buttons by their words."""

    def __init__(self, attrs: Mapping[str, str | None]) -> None:
        self.key = attrs.get("id") or ""
        self.action = attrs.get("action") or ""
        self.method = (attrs.get("method") or "get").lower()
        self.values: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.buttons: dict[str, tuple[str, str]] = {}


class Page(HTMLParser):
    """The forms, links, headings and words of one HTML page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self._form: Form | None = None
        self._open: dict[str, Any] = {}
        self._text: list[str] = []
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = Form(given)
            self.forms.append(self._form)
        elif tag in ("a", "button", "textarea", "title", "script", "style"):
            self._open[tag] = given
            self._text = []
        elif tag == "input" and (form := self._form_of(given)):
            self._input(form, given)
        elif tag == "select":
            self._open["select"] = given
            if self._form and given.get("name"):
                self._form.names.add(given["name"] or "")
        elif tag == "option" and self._form and "selected" in given and "select" in self._open:
            name = self._open["select"].get("name") or ""
            self._form.values.setdefault(name, []).append(given.get("value") or "")

    def _form_of(self, given: Mapping[str, str | None]) -> Form | None:
        """A control may stand outside its form and name it; the form comes before it here."""
        named = given.get("form")
        return next((f for f in self.forms if f.key == named), None) if named else self._form

    @staticmethod
    def _input(form: Form, given: Mapping[str, str | None]) -> None:
        name, kind = given.get("name") or "", given.get("type") or "text"
        if not name or kind == "submit":
            return
        form.names.add(name)
        if kind == "file" or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        form.values.setdefault(name, []).append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if "script" not in self._open and "style" not in self._open:
            self.words.append(data)
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        given = self._open.pop(tag, None)
        text = " ".join("".join(self._text).split())
        if tag == "form":
            self._form = None
        elif given is None:
            return
        elif tag == "a":
            self.links.setdefault(text, given.get("href") or "")
        elif tag == "button" and (form := self._form_of(given)):
            form.buttons[text] = (given.get("name") or "", given.get("value") or "")
        elif tag == "textarea" and (form := self._form_of(given)):
            form.names.add(given.get("name") or "")
            # Like a browser: the line break after the tag is not part of the text.
            value = "".join(self._text).removeprefix("\n")
            form.values.setdefault(given.get("name") or "", []).append(value)


class Walker:
    """One signed-in person and the page before them."""

    def __init__(self, username: str, password: str) -> None:
        self.client = Client()
        self.address = ""
        self.response: Any = None
        self.page = Page("")
        self.open("/dang-nhap/")
        self.press("Đăng nhập", login=username, password=password)

    def open(self, address: str) -> "Walker":
        return self._arrived(self.client.get(address, follow=True), address)

    def _arrived(self, response: Any, address: str) -> "Walker":
        steps = getattr(response, "redirect_chain", [])
        self.address = urlsplit(urljoin(address, steps[-1][0]) if steps else address).path
        self.response = response
        assert response.status_code == 200, f"{self.address}: {response.status_code}"
        if response["Content-Type"].startswith("text/html"):
            self.page = Page(response.content.decode())
        return self

    def follow(self, words: str) -> "Walker":
        """Follow the first link whose words contain `words`."""
        found = [href for text, href in self.page.links.items() if words in text]
        assert found, f"no link {words!r} in {sorted(self.page.links)}"
        return self.open(urljoin(self.address, found[0]))

    def press(self, words: str, **values: Any) -> "Walker":
        """Fill the form that has the button and press it; an unknown field is an error."""
        form = next((f for f in self.page.forms if words in f.buttons), None)
        assert form, f"no button {words!r} in {[list(f.buttons) for f in self.page.forms]}"
        unknown = values.keys() - form.names
        assert not unknown, f"no fields {unknown} among {sorted(form.names)}"
        data: dict[str, Any] = {**form.values, **values}
        name, value = form.buttons[words]
        if name:
            data[name] = value
        address = urljoin(self.address, form.action)
        if form.method == "get":
            return self._arrived(self.client.get(address, data, follow=True), address)
        return self._arrived(self.client.post(address, data, follow=True), address)

    def sees(self, *words: str) -> "Walker":
        for text in words:
            assert text in self.page.text, f"{text!r} is not in: {self.page.text[:3000]}"
        return self


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
