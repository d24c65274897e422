"""What finds clients: a line each, and terms for their names, addresses and numbers, filled for those who are there.

The folding below is a copy of how ``practice/domain`` read names when this revision was made.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TERM = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CHUNK = 2_000
NEWEST = "(SELECT starts_at FROM appointment WHERE id = NEW.appointment_id)"
MEMBERS = "SELECT client_id FROM attendance WHERE appointment_id = NEW.id"
HIDDEN = "DELETE FROM client_term WHERE client_id = NEW.id; DELETE FROM client_search WHERE client_id = NEW.id;"
ATTENDED = """SELECT c.client_id, max(a.starts_at) AS starts_at FROM changed c
    JOIN appointment a ON a.id = c.appointment_id GROUP BY c.client_id"""
MOVED = "SELECT client_id, NEW.starts_at AS starts_at FROM attendance WHERE appointment_id = NEW.id"
SEEN = """PERFORM 1 FROM client_search s JOIN ({clients}) n ON n.client_id = s.client_id
    ORDER BY s.client_id FOR NO KEY UPDATE OF s;
    UPDATE client_search s SET seen_at = n.starts_at FROM ({clients}) n
    WHERE s.client_id = n.client_id AND s.seen_at < n.starts_at;"""
FUNCTION = """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END $$"""
SQLITE = (
    f"""CREATE TRIGGER client_hidden AFTER UPDATE OF archived_at, erased_at ON client
WHEN NEW.archived_at IS NOT NULL OR NEW.erased_at IS NOT NULL
BEGIN {HIDDEN} END""",
    f"""CREATE TRIGGER attendance_seen AFTER INSERT ON attendance
BEGIN UPDATE client_search SET seen_at = {NEWEST} WHERE client_id IN (NEW.client_id) AND seen_at < {NEWEST}; END""",
    f"""CREATE TRIGGER appointment_seen AFTER UPDATE OF starts_at ON appointment
BEGIN UPDATE client_search SET seen_at = NEW.starts_at WHERE client_id IN ({MEMBERS})
AND seen_at < NEW.starts_at; END""",
)
POSTGRESQL = (
    FUNCTION.format(name="client_hidden", body=HIDDEN),
    FUNCTION.format(name="attendance_seen", body=SEEN.format(clients=ATTENDED)),
    FUNCTION.format(name="appointment_seen", body=SEEN.format(clients=MOVED)),
    """CREATE TRIGGER client_hidden AFTER UPDATE OF archived_at, erased_at ON client
FOR EACH ROW WHEN (NEW.archived_at IS NOT NULL OR NEW.erased_at IS NOT NULL) EXECUTE FUNCTION client_hidden()""",
    """CREATE TRIGGER attendance_seen AFTER INSERT ON attendance
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION attendance_seen()""",
    """CREATE TRIGGER appointment_seen AFTER UPDATE OF starts_at ON appointment
FOR EACH ROW EXECUTE FUNCTION appointment_seen()""",
)

# Letters that Unicode does not take apart. "ß" and "ﬁ" are the fold's own.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
APOSTROPHES = "'’‘ʼ`´ʻ＇"
LATIN = re.compile(r"[a-z]+", re.ASCII)
# What sounds alike, in the order in which it is replaced; "\b" is the beginning of the word.
SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"\b[kgp]n", "n"), (r"\bwr", "r"), (r"\bps", "s"), (r"mc|mac(?=[a-z]{3})", "mk"), (r"mp(?=[st])", "m"),
        (r"tsch|tch|sch|sh|cz|ch(?!r)", "s"), (r"ph", "f"), (r"\bgh", "g"), (r"gh", ""), (r"ck|ch", "k"), (r"qu", "kv"),
        (r"x", "ks"), (r"th|dt", "t"), (r"c(?=[eiy])", "s"), (r"[cqg]", "k"), (r"z", "s"), (r"[vw]", "f"),
        (r"d", "t"), (r"p", "b"), (r"\by", "j"), (r"(?<=.)h", ""), (r"\b[aeiou]+", "a"), (r"(?<=.)[aeiouy]", ""),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
NAME, SOUND, ADDRESS, EMAIL, PHONE = "n", "s", "a", "e", "p"
LONGEST = 40  # characters of a name's word that are told apart
EMAIL_LENGTH = 12  # characters of a part of an address that are told apart
LEAST_INSIDE = 3  # letters that a part inside an address, or digits that a part of a number, must have
LAST_DIGITS = 4
# Words of a name that are also written together with the next: "de la Cruz", "delacruz".
PARTICLES = frozenset(
    {"al", "ben", "bin", "da", "de", "del", "den", "der", "des", "di", "dos", "du", "el", "la", "le", "mac", "mc", "st"}
    | {"ten", "ter", "van", "von", "zu"}
)
WORD_PARTS = re.compile(rf"[\s\-‐–{APOSTROPHES}]+")
RUNS = re.compile(r"[^\W\d_]+|\d+")
# Countries whose code has two digits; "1" and "7" have one, all others three (ITU-T E.164).
TWO_DIGITS = frozenset(
    str(code)
    for code in (
        *(20, 27, 36, 39, 40, 41, 81, 82, 84, 86, 98),
        *(*range(30, 35), *range(43, 50), *range(51, 59), *range(60, 67), *range(90, 96)),
    )
)


def upgrade() -> None:
    """Add the tables, fill them, and let triggers keep when clients are seen."""
    op.create_table(
        "client_search",
        sa.Column("client_id", ID, nullable=False, autoincrement=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_search_client_id")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_client_search")),
    )
    op.create_table(
        "client_term",
        sa.Column("term", TERM, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_term_client_id")),
        sa.PrimaryKeyConstraint("term", "client_id", name=op.f("pk_client_term")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    _fill(connection)
    op.create_index(op.f("ix_client_search_seen_at_client_id"), "client_search", ["seen_at", "client_id"])
    op.create_index(op.f("ix_client_term_client_id"), "client_term", ["client_id"])
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)
    op.drop_index(op.f("ix_client_search_name"), table_name="client")
    op.execute("ALTER TABLE client DROP COLUMN search_name")


def downgrade() -> None:
    """Take it all away, and give clients the folded name back that was searched before."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name in ("client_hidden", "attendance_seen", "appointment_seen"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name in ("client_hidden", "attendance_seen", "appointment_seen"):
            op.execute(f"DROP TRIGGER {name} ON {name.partition('_')[0]}")
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("client_term")
    op.drop_table("client_search")
    op.execute("ALTER TABLE client ADD COLUMN search_name TEXT DEFAULT '' NOT NULL")
    op.execute("UPDATE client SET search_name = lower(trim(name || ' ' || chosen_name))")
    op.create_index(op.f("ix_client_search_name"), "client", ["search_name"])


def _fill(connection: sa.Connection) -> None:
    """Make every client findable who was neither archived nor erased."""
    known = sa.text(
        "SELECT id, name, chosen_name, email, phone FROM client WHERE archived_at IS NULL AND erased_at IS NULL"
    )
    line = sa.text(
        "INSERT INTO client_search (client_id, words, contact, seen_at) SELECT c.id, :words, :contact, "
        "coalesce((SELECT a.starts_at FROM attendance p JOIN appointment a ON a.id = p.appointment_id "
        "WHERE p.client_id = c.id AND a.starts_at > c.created_at ORDER BY a.starts_at DESC LIMIT 1), c.created_at) "
        "FROM client c WHERE c.id = :client_id"
    )
    term = sa.text("INSERT INTO client_term (term, client_id) VALUES (:term, :client_id)")
    found = iter(connection.execute(known).all())
    while rows := list(islice(found, CHUNK)):
        lines, terms = [], []
        for client_id, name, chosen_name, email, phone in rows:
            words = _name_words((name, chosen_name))
            local, digits = plain((email or "").rpartition("@")[0]), _digits(phone or "")
            contact = " ".join(each for each in (local, digits) if each)
            lines.append({"client_id": client_id, "words": f" {' '.join(words)} ", "contact": f" {contact} "})
            terms += [{"client_id": client_id, "term": term} for term in _terms(words, local, digits)]
        connection.execute(line, lines)
        if terms:
            connection.execute(term, terms)


def _terms(words: list[str], local: str, digits: str) -> set[str]:
    return {
        *(NAME + part for word in words for part in _beginnings(word)),
        *(SOUND + sound for word in words if (sound := sound_of(word))),
        *([ADDRESS + local[:LONGEST]] if local else []),
        *(EMAIL + part for part in _email_parts(local)),
        *(PHONE + part for part in _phone_parts(digits)),
    }


def folded(text: str) -> str:
    """Return a text in small letters, without accents and apostrophes, its words parted by single spaces.

    Letters of every script stay; what is neither letter nor number parts words.
    """
    return " ".join("".join(each if _is_part(each) else " " for each in plain(text)).split())


def plain(text: str) -> str:
    """Return a text in small letters, without accents and apostrophes; everything else stays."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(PLAIN)
    kept = [each for each in apart if not "\u0300" <= each <= "\u036f" and each not in APOSTROPHES]
    return unicodedata.normalize("NFC", "".join(kept))


def _is_part(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def sound_of(word: str) -> str:
    """Return what a folded word sounds like, roughly, "" where it is not in plain letters or says too little."""
    if not LATIN.fullmatch(word):
        return ""
    for pattern, to in SOUNDS:
        word = pattern.sub(to, word)
    return word if len(word) > 1 else ""


def _name_words(names: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        pieces = [part for chunk in name.split() for part in _parts(chunk)]
        found |= dict.fromkeys(pieces)
        found |= dict.fromkeys(_joined(pieces))
        found |= dict.fromkeys(together for chunk in name.split() if (together := folded(chunk).replace(" ", "")))
    return list(found)


def _joined(pieces: list[str]) -> Iterator[str]:
    """Each particle written together with what follows, up to the word that it belongs to."""
    for start, piece in enumerate(pieces):
        end = start
        while end < len(pieces) and pieces[end] in PARTICLES:
            end += 1
        if piece in PARTICLES and end < len(pieces):
            yield "".join(pieces[start : end + 1])


def _parts(chunk: str) -> list[str]:
    return [word for part in WORD_PARTS.split(chunk) for word in folded(part).split()]


def _beginnings(word: str) -> Iterator[str]:
    """A word, and in writing that does without spaces each of its characters with what follows."""
    starts = range(len(word)) if _is_unspaced(word) else (0,)
    yield from (word[start : start + LONGEST] for start in starts)


def _is_unspaced(word: str) -> bool:
    """Whether a word is in a script whose names stand without spaces: Han, Kana, Hangul, Thai and their neighbours."""
    return any("\u0e00" <= each <= "\u0eff" or "\u1100" <= each <= "\u11ff" or each >= "\u3040" for each in word)


def _email_parts(local: str) -> Iterator[str]:
    for run in RUNS.finditer(local):
        last = run.end() - LEAST_INSIDE if run[0].isalpha() else run.start()
        rest = re.match(r"[^\W_]*", local[run.start() :])
        block = run.start() + (rest.end() if rest else 0)
        for start in range(run.start(), max(last, run.start()) + 1):
            yield local[start : min(block, start + EMAIL_LENGTH)]


def _phone_parts(digits: str) -> Iterator[str]:
    if digits:
        yield digits
        yield digits[1 if digits[0] in "17" else 2 if digits[:2] in TWO_DIGITS else 3 :]
        yield digits[-LAST_DIGITS:]


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
