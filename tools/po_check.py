"""Check the translation files; run with the Python of .odoo/venv.

po_check.py             each addon has a template and complete translations
po_check.py FOLDER      ... and the templates equal those in FOLDER, exported just now
"""

import re
import sys
import tempfile
from pathlib import Path

import polib

ADDONS = Path(__file__).resolve().parent.parent / "addons"
LANGUAGES = ("fr", "zh_CN")
PLACEHOLDER = re.compile(r"%\([^)]+\)[a-z]|%[sdifr%]|\{\w*\}")
MARKUP = re.compile(r"</?[a-z]+")
SHOWN = 5  # of each kind of mistake


def terms(path):
    """The terms of a file: {(context, text): where they are used}."""
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    return {
        (e.msgctxt, e.msgid): (sorted(place for place, _line in e.occurrences), e.comment)
        for e in entries
    }


def term_mistakes(path, wanted):
    """How the terms of a translation differ from those of the template."""
    here = terms(path)
    for _context, text in wanted.keys() - here.keys():
        yield "is missing", text
    for _context, text in here.keys() - wanted.keys():
        yield "is not in the template", text
    for key in here.keys() & wanted.keys():
        if here[key] != wanted[key]:  # Odoo would not translate it there
            yield "is used in other places than the template says: make i18n", key[1]


def translation_mistakes(path, wanted):
    """What is wrong with a translation, given the terms of the template."""
    yield from term_mistakes(path, wanted)
    file = polib.pofile(str(path))
    for entry in file:
        if entry.obsolete:
            yield "is obsolete", entry.msgid
        elif entry.fuzzy:
            yield "is fuzzy", entry.msgid
        elif not entry.msgstr.strip():
            yield "is not translated", entry.msgid
        else:
            for pattern in (PLACEHOLDER, MARKUP):
                if sorted(pattern.findall(entry.msgid)) != sorted(pattern.findall(entry.msgstr)):
                    yield "has other placeholders or tags than its translation", entry.msgid


def template_mistakes(path, fresh):
    """How a template differs from a new export."""
    here, now = terms(path), terms(fresh)
    for key in now.keys() - here.keys():
        yield "is in the code, not in the template: make i18n", key[1]
    for key in here.keys() - now.keys():
        yield "is in the template, not in the code: make i18n", key[1]
    for key in here.keys() & now.keys():
        if here[key] != now[key]:
            yield "is used in other places than the template says: make i18n", key[1]


def report(path, mistakes):
    """Print the mistakes of a file, the first ones of each kind; how many there are."""
    kinds = {}
    for kind, text in mistakes:
        kinds.setdefault(kind, []).append(text)
    for kind, texts in kinds.items():
        for text in sorted(texts)[:SHOWN]:
            print(f"{path.relative_to(ADDONS.parent)}: {text!r} {kind}")
        if len(texts) > SHOWN:
            print(f"{path.relative_to(ADDONS.parent)}: {len(texts) - SHOWN} more")
    return sum(map(len, kinds.values()))


def addons():
    """The folders of our addons."""
    return sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))


def check_translations(addon):
    """Check the files of an addon against its template; how many mistakes there are."""
    template = addon / "i18n" / f"{addon.name}.pot"
    files = [addon / "i18n" / f"{language}.po" for language in LANGUAGES]
    missing = [path for path in (template, *files) if not path.exists()]
    for path in missing:
        print(f"{path.relative_to(ADDONS.parent)} is missing: make i18n")
    if missing:
        return len(missing)
    wanted = terms(template)
    return sum(report(path, translation_mistakes(path, wanted)) for path in files)


def check_templates(database):
    """Check the templates against the code; how many mistakes there are."""
    from export_terms import export

    count = 0
    with tempfile.TemporaryDirectory() as folder:
        export(database, folder, [addon.name for addon in addons()])
        for addon in addons():
            template = addon / "i18n" / f"{addon.name}.pot"
            if template.exists():
                count += report(template, template_mistakes(template, Path(folder, template.name)))
    return count


def main(database=None):
    count = check_templates(database) if database else sum(map(check_translations, addons()))
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
