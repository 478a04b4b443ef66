"""The languages of the pages: which are offered, which suits a request, and their catalogues."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.texts import Texts
from questionnaire.rulebook.translation import Translation, translated
from questionnaire.serving.settings import SettingsError
from questionnaire.web import wording
from questionnaire.web.links import LANG_PARAMETER, kept_parameters

SOURCE = "en"
"""The language of the templates, which needs no catalogue."""

FOLDER = Path(__file__).parent.parent.parent / "locale"

MAX_ACCEPT_LANGUAGE = 200
"""How much of the header is read: a longer one would fill the cache with what strangers send."""

OFF_PAGE = {"assets.send", "results.qr_code", "coach.svg_code", "coach.png_code"}
"""What is the same in every language."""


CONTEXT_END = "\4"
"""What gettext puts between a context and a text."""


class Sentences(dict[str, Markup]):
    """The sentences of templates in a language, by their English words."""

    def __init__(self, translations: NullTranslations) -> None:
        """Look up a sentence in these translations when it is first wanted."""
        self.translations = translations

    def __missing__(self, text: str) -> Markup:
        """Return a sentence that was not wanted before."""
        said = self.translations.gettext(text).rpartition(CONTEXT_END)[2]
        self[text] = Markup(said)  # noqa: S704 - templates and catalogues are ours
        return self[text]


@dataclass(frozen=True, eq=False)
class Language:
    """A language that pages are offered in."""

    tag: str
    locale: Locale
    translations: NullTranslations

    @cached_property
    def sentences(self) -> Sentences:
        """Return the sentences of templates."""
        return Sentences(self.translations)

    @property
    def name(self) -> str:
        """Return its name in itself, as a switcher says it."""
        return (self.locale.language_name or self.tag).capitalize()

    @property
    def html(self) -> str:
        """Return its tag for pages."""
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        """Return ltr or rtl."""
        return self.locale.text_direction


ENGLISH = Language(SOURCE, wording.BRITISH, NullTranslations())


def init_app(app: Flask) -> None:
    """Read the catalogues, and choose a language for each request."""
    languages = offered_languages(app.config["LANGUAGES"], FOLDER)
    app.extensions["languages"] = languages
    babel = Babel(
        app,
        locale_selector=lambda: current_language().locale,
        default_locale="en_GB",
        configure_jinja=False,  # its filters take a result twice as long as `html` below
    )
    with app.app_context():
        babel.domain_instance.cache.update(
            {(str(one.locale), "messages"): one.translations for one in languages.values()}
        )
    app.jinja_env.globals |= {
        "_": html,
        "current_language": current_language,
        "pgettext": html_in_context,
        "switches": switches,
    }
    app.jinja_env.filters |= {
        "and_list": wording.and_list,
        "day": wording.day,
        "plain": str,
        "said": wording.said,
    }
    app.before_request(set_language)
    app.url_defaults(keep_language)


def offered_languages(tags: Iterable[str], folder: Path) -> dict[str, Language]:
    """Return the languages with these tags, or all that have a catalogue, the source first.

    Raises SettingsError for a tag without a catalogue.
    """
    paths = [one / "LC_MESSAGES" / "messages.po" for one in folder.iterdir()]
    found = {path.parent.parent.name: path for path in paths if path.is_file()}
    languages = {SOURCE: ENGLISH}
    for name in sorted(found):
        if translations := read_catalogue(found[name]):
            tag = name.replace("_", "-")
            languages[tag] = Language(tag, Locale.parse(name), translations)
    wrong = [tag for tag in tags if tag not in languages]
    if wrong:
        raise SettingsError(
            f"FLASK_LANGUAGES names {wrong[0]!r}, which has no translation: "
            f"take it out, or use some of {', '.join(languages)}"
        )
    return {tag: languages[tag] for tag in tags} or languages


def read_catalogue(path: Path) -> Translations | None:
    """Return the catalogue in a .po file, or None if nothing in it is translated."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    if not any(any(message.string or ()) for message in catalogue if message.id):
        return None
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def set_language() -> None:
    """Put the language of the request into `g`, and whether its address asks for it."""
    languages: Mapping[str, Language] = current_app.extensions["languages"]
    asked = request.args.get(LANG_PARAMETER) if request.query_string else None
    g.asked_language = asked if asked in languages else None
    tag = g.asked_language or best_language(
        tuple(languages), request.headers.get("Accept-Language", "")[:MAX_ACCEPT_LANGUAGE]
    )
    g.language = languages[tag]


@lru_cache(maxsize=256)
def best_language(tags: tuple[str, ...], accepted: str) -> str:
    """Return the tag that a browser wants most, or the first."""
    wanted = parse_accept_header(accepted, LanguageAccept)
    return wanted.best_match(tags) or tags[0]


def current_language() -> Language:
    """Return the language of the request, or that of the templates where there is none."""
    try:
        found: Language = g.language
    except (AttributeError, RuntimeError):
        return ENGLISH
    return found


def html(text: str, **values: object) -> Markup:
    """Return a sentence of a template in the language of the request, with values in it."""
    sentence = current_language().sentences[text]
    return sentence % values if values else sentence


def html_in_context(context: str, text: str) -> Markup:
    """Return a word or two whose English means several things."""
    return current_language().sentences[f"{context}{CONTEXT_END}{text}"]


def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Add the language that was asked for to the addresses of pages."""
    if endpoint not in OFF_PAGE and g.get("asked_language"):
        values.setdefault(LANG_PARAMETER, g.asked_language)


def switches() -> list[tuple[Language, str]]:
    """Return each language with the query that shows this page in it; none after a POST."""
    languages = current_app.extensions["languages"].values()
    if len(languages) < 2 or request.method not in ("GET", "HEAD"):
        return []
    kept = kept_parameters(g.rulebook, request.args) if request.query_string else {}
    return [(one, "?" + urlencode({**kept, LANG_PARAMETER: one.tag}, True)) for one in languages]


def rulebooks_by_language(
    rulebook: Rulebook, translations: Mapping[str, Translation], languages: Iterable[Language]
) -> dict[str, Rulebook]:
    """Return a rulebook in each language; what has no translation says its own language."""
    books = {}
    for one in languages:
        none = Translation(one.tag, {})
        is_original = one.tag == rulebook.language
        book = rulebook if is_original else translated(rulebook, translations.get(one.tag, none))
        books[one.tag] = with_texts_of_site(book, one.translations)
    return books


def with_texts_of_site(rulebook: Rulebook, translations: NullTranslations) -> Rulebook:
    """Return a rulebook whose author's own texts stay, with the site's in this language."""
    texts = rulebook.texts
    ours = [name for name in Texts.model_fields if name not in texts.model_fields_set]
    words = {name: translations.gettext(getattr(texts, name)) for name in ours}
    if all(words[name] == getattr(texts, name) for name in ours):
        return rulebook
    whole = {**dict(texts), **words}
    said_here = Texts.model_construct(texts.model_fields_set, **whole)
    return rulebook.model_copy(update={"texts": said_here})
