"""A reader gets the pages in their language, and passes on addresses that have none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from questionnaire.rulebook.loader import load_rulebook
from questionnaire.serving.settings import SettingsError
from questionnaire.web import caching
from tests.support.example_answers import RESULTS, TYPICAL
from tests.support.pseudo_locale import (
    LEFT_TO_RIGHT,
    RIGHT_TO_LEFT,
    catalogues_in,
    pseudo,
    pseudo_site,
    reader_of,
)
from tests.support.runner_client import Page, RunnerClient, read, words

EL, AR = LEFT_TO_RIGHT, RIGHT_TO_LEFT
TAGS = ("en", AR, EL)
SIGNS = {"warnings": "joint", "bothers": "knee"}
CAUTION = {"health": "pregnancy", "bothers": "knee"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pseudo")


@pytest.fixture(scope="module")
def polyglot(folder: Path, site_rules: str) -> Flask:
    return pseudo_site(folder, site_rules, EL, AR)


def site_with(polyglot: Flask, folder: Path, **config: object) -> Flask:
    """The same site with other settings."""
    with catalogues_in(folder / "locale"):
        return create_app({"RULES": polyglot.config["RULES"], **config})


def language(page: Page) -> str:
    return str(page.soup.html and page.soup.html["lang"])


@pytest.mark.parametrize(
    ("path", "accepted", "expected"),
    [
        ("/", "", "en-GB"),
        ("/", "de", "en-GB"),
        ("/", "el-GR,el;q=0.9,en;q=0.8", EL),
        ("/", "ar;q=0.1, el;q=0.5", EL),
        ("/", "de, ar;q=0.5", AR),
        ("/", "el;q=0, *", "en-GB"),
        ("/", "x" * 9999, "en-GB"),
        ("/?lang=el", "ar", EL),
        ("/?lang=xx", "ar", AR),
        ("/?lang=", "ar", AR),
        ("/?lang=EL", "", "en-GB"),
        ("/nowhere?lang=el", "", EL),
        ("/rules?lang=ar&lang=el", "", AR),
    ],
)
def test_a_page_is_in_the_language_that_suits(
    polyglot: Flask, path: str, accepted: str, expected: str
) -> None:
    assert language(reader_of(polyglot, accepted).get(path)) == expected


def test_the_switcher_shows_this_page_in_each_language(polyglot: Flask) -> None:
    page = reader_of(polyglot, EL).get("/?from=Ä+%26+B&x=www.evil.com&training=distance&lang=ar")
    for switcher in page.soup.select(".languages"):
        assert words(switcher) == "English · العربية · Ελληνικά"
        assert [(a["lang"], a["hreflang"], a["href"]) for a in switcher("a")] == [
            ("en-GB", "en-GB", "?from=%C3%84+%26+B&training=distance&lang=en"),
            (EL, EL, f"?from=%C3%84+%26+B&training=distance&lang={EL}"),
        ]
    assert len(page.soup.select("main .languages, footer .languages")) == 2
    assert (
        not RunnerClient(create_app({"LANGUAGES": "en"}).test_client())
        .get("/")
        .soup.select(".languages")
    )


def test_links_keep_the_language_that_was_asked_for(polyglot: Flask) -> None:
    reader = reader_of(polyglot, "en")
    for path in ("/", "/rules", "/about", "/muscles", "/coach", "/r", "/squad", "/nowhere"):
        page = reader.get(f"{path}?lang=el")
        links = [str(a["href"]) for a in page.soup.select("a[href^='/']")]
        links += [str(form["action"]) for form in page.soup("form")]
        assert links
        assert [one for one in links if "lang=el" not in one] == []
    sent = reader.client.post("/?lang=el", data={"bothers": "knee", "training": "none"})
    assert sent.status_code == 422
    assert language(read(sent)) == EL


def leaving(page: Page) -> list[str]:
    """The addresses of a page that somebody copies, scans, prints or writes down."""
    soup = page.soup
    found = [str(tag["data-copy"]) for tag in soup.select("[data-copy]")]
    found += [str(tag["data-share"]) for tag in soup.select("[data-share]")]
    found += [words(tag) for tag in soup.select(".address, .link, .to-post, .to-type, textarea")]
    return found + [str(tag["href"]) for tag in soup.select(".link, .to-post a")]


def test_no_address_that_leaves_the_site_has_a_language(polyglot: Flask) -> None:
    reader = reader_of(polyglot, "en")
    code = reader.answer(**TYPICAL).code
    for path in (
        *(f"/r/{code}", f"/r/{code}/with/{code}", "/muscles/glutes"),
        *("/coach?from=Ä&training=distance", "/poster?from=Ä"),
    ):
        page = reader.get(f"{path}{'&' if '?' in path else '?'}lang=el")
        assert language(page) == EL
        found = leaving(page)
        assert [one for one in found if "lang" in one] == []
    assert any("/?from=" in one for one in found)
    for name in ("svg", "png"):
        codes = [reader.client.get(f"/coach/qr.{name}?from=A{more}") for more in ("", "&lang=el")]
        assert drawn(codes[0].data) == drawn(codes[1].data)
    shown = [reader.client.get(f"/r/{code}/qr.svg{more}").data for more in ("", "?lang=el")]
    assert drawn(shown[0]) == drawn(shown[1])
    sheet = reader.client.post("/squad?lang=el", data={"text": f"Ä /r/{code}", "view": "csv"})
    assert "lang" not in sheet.text


def drawn(picture: bytes) -> bytes:
    """A QR code without the words for who cannot see it."""
    return re.sub(rb'aria-label="[^"]*"', b"", picture)


def test_a_cached_page_is_that_of_its_language(polyglot: Flask) -> None:
    caching._render.cache_clear()
    for path in ("/", "/rules", "/muscles/glutes", "/coach"):
        tags = set()
        for _ in range(2):
            for tag in TAGS:
                response = reader_of(polyglot, tag).client.get(path)
                assert f'<html lang="{tag.replace("en", "en-GB")}"' in response.text
                assert {*response.vary} == {"Accept-Encoding", "Accept-Language"}
                tags.add(response.headers["ETag"])
        assert len(tags) == len(TAGS)
    hits = caching._render.cache_info().hits
    for tag in ("en", EL):
        page = reader_of(polyglot, tag).client.get(f"/rules?lang={AR}")
        assert f'<html lang="{AR}"' in page.text
        assert "ETag" in page.headers
    assert caching._render.cache_info().hits == hits + 1
    for query in ("lang=xx", f"lang={AR}&a=1"):
        assert "ETag" not in reader_of(polyglot, "en").client.get(f"/rules?{query}").headers


def test_a_page_with_answers_says_what_its_language_hangs_on(polyglot: Flask) -> None:
    response = reader_of(polyglot, EL).client.get("/r/ABC")
    assert "Accept-Language" in response.vary


def outcome(page: Page) -> list[object]:
    """What a result says, by the ids and words that are the same in every language."""
    soup = page.soup
    return [
        [one["id"] for one in soup.select(".finding[id]")],
        [words(one) for one in soup.select(".finding .number")],
        [one["class"] for one in soup.select(".stop, .notice")],
        [len(one.select("dt")) for one in soup.select(".reasons")],
    ]


def test_one_link_says_the_same_in_every_language(polyglot: Flask) -> None:
    for answers in RESULTS.values():
        pages = [reader_of(polyglot, tag).answer(**answers) for tag in TAGS]
        assert len({page.code for page in pages}) == 1
        [english, *others] = pages
        for other in others:
            assert outcome(other) == outcome(english)
            said = [words(one) for one in english.soup.select(".reasons .firmness")]
            assert [words(one) for one in other.soup.select(".reasons .firmness")] == [
                *map(said_in_pseudo, said)
            ]


def said_in_pseudo(text: str) -> str:
    """Words of firmness in brackets, or of research, in the made-up language."""
    inner = text.removeprefix("(").removesuffix(")")
    return text.replace(inner, pseudo(inner))


@pytest.mark.parametrize("answers", [SIGNS, CAUTION])
def test_a_notice_that_nobody_reviewed_has_the_original_below_it(
    polyglot: Flask, folder: Path, answers: dict[str, str]
) -> None:
    english = reader_of(polyglot, "en").answer(**answers)
    reviewed = site_with(polyglot, folder, REVIEWED_BY="Dr Able (en), Dr Baker (el)")
    assert not english.soup.select(".original")
    assert not reader_of(reviewed, EL).answer(**answers).soup.select(".original")
    for site, tag in ((polyglot, EL), (reviewed, AR)):
        page = reader_of(site, tag).answer(**answers)
        originals = page.all(".original[lang=en]")
        assert originals
        for one, notice in zip(originals, english.soup.select(".stop, .notice"), strict=True):
            action = notice.h2 or english.soup.h1
            text = next(p for p in notice("p") if not p.get("class"))
            assert one.endswith(f"{words(action)} {words(text)}")


def test_the_squad_sheet_has_the_original_of_a_stop_too(polyglot: Flask) -> None:
    reader = reader_of(polyglot, EL)
    sent = {"text": f"Ä /r/{reader.answer(**SIGNS).code}"}
    for view in ("table", "sheets"):
        page = read(reader.client.post("/squad", data=sent | {"view": view}))
        assert len(page.soup.select(".original[lang=en]")) == 1
    stops = load_rulebook(Path(polyglot.config["RULES"])).notices
    assert any(one.action in page.text for one in stops)


def test_about_says_who_reviewed_each_language(polyglot: Flask, folder: Path) -> None:
    named = site_with(polyglot, folder, REVIEWED_BY="Dr Able (en), Dr Baker (el)")
    nobody = (
        "This site was translated by the project. No clinician of this language has reviewed the"
        " translation."
    )
    assert pseudo(nobody) in reader_of(polyglot, EL).get("/about").text
    assert pseudo(nobody) in reader_of(named, AR).get("/about").text
    for tag, names in (("en", ["Dr Able"]), (EL, ["Dr Able", "Dr Baker"]), (AR, ["Dr Able"])):
        about = reader_of(named, tag).get("/about").text
        assert re.findall("Dr [AB]\\w+", about) == names


def test_what_nobody_translated_is_marked_as_english(
    tmp_path: Path, site_rules: str, folder: Path, polyglot: Flask
) -> None:
    """The site has this language, and the rulebook does not."""
    book = tmp_path / "rules.yaml"
    book.write_text(site_rules, "utf-8")
    reader = reader_of(site_with(polyglot, folder, RULES=str(book)), EL)
    original = load_rulebook(book)
    form = reader.get("/")
    assert [words(one) for one in form.soup.select("h1 > span[lang=en]")] == [original.title]
    assert form.soup.select(".lead > span[lang=en]")
    legends = form.soup.select("legend h2, legend h3")
    assert all(legend.find("span", lang="en") for legend in legends)
    for path in ("/rules", "/research", "/about", "/coach", "/muscles/glutes", "/squad", "/poster"):
        assert language(reader.get(path)) == EL  # and it is valid HTML, see `read`
    for answers in RESULTS.values():
        page = reader.answer(**answers)
        assert not page.soup.select(".original")  # the notice itself is the original
        assert page.soup.select("h1 span[lang=en]")


def test_an_own_text_of_a_rulebook_wins_over_that_of_the_site(polyglot: Flask) -> None:
    texts = polyglot.extensions["rulebooks"][EL].texts
    original = polyglot.extensions["rulebook"].texts
    assert original.model_fields_set
    for name in type(texts).model_fields:
        assert getattr(texts, name).startswith("[")
    unset = type(texts).model_fields.keys() - original.model_fields_set
    assert all(getattr(texts, name) == pseudo(getattr(original, name)) for name in unset)


@pytest.mark.parametrize(
    ("tags", "offered"),
    [("", ["en", AR, EL]), ("el,en", [EL, "en"]), ('["ar"]', [AR])],
)
def test_a_host_chooses_which_languages_are_offered(
    polyglot: Flask, folder: Path, tags: str, offered: list[str]
) -> None:
    site = site_with(polyglot, folder, LANGUAGES=tags)
    assert [*site.extensions["languages"]] == offered
    assert language(reader_of(site, "xx").get("/")) == offered[0].replace("en", "en-GB")


@pytest.mark.parametrize("tags", ["xx", "en,xx", "Deutsch", "en,en", "en,,el"])
def test_a_language_that_is_none_stops_the_start(polyglot: Flask, folder: Path, tags: str) -> None:
    with pytest.raises(SettingsError, match="FLASK_LANGUAGES"):
        site_with(polyglot, folder, LANGUAGES=tags)


def test_a_catalogue_without_a_translation_is_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "el" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\nmsgstr[1] ""\n', "utf-8")
    with catalogues_in(tmp_path):
        assert [*create_app().extensions["languages"]] == ["en"]
