"""The tables, as the newest migration leaves them.

What is queried has a column; the rest of a value lies beside it, encoded, in `payload`. Runs carry a number
of their own (`seq`): it is the order of acceptance, and it keeps the keys of results short. A step's result
has the key (run, unit, repeat, index over the suite): so the repeats of a case lie side by side. An
utterance's has (run, index), which implies its unit.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from vivavoce.storage.columns import Big, Moment, Words

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

seals = Table(
    "seals",
    metadata,
    Column("name", Words, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # a known text: shows whether the key is the right one
)

bots = Table(
    "bots",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False, index=True),
    Column("payload", LargeBinary, nullable=False),
)

apps = Table(
    "apps",
    metadata,
    Column("client_id", Words, primary_key=True),
    Column("created_on", Moment, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("payload", LargeBinary, nullable=False),  # without the secret
)

files = Table(
    "files",
    metadata,
    Column("id", Words, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

suites = Table(
    "suites",
    metadata,
    Column("id", Words, primary_key=True),
    Column("bot_id", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("visible", Boolean, nullable=False),  # False: staged
    Column("revision", Integer, nullable=False),  # the one that is seen, or staged first
    Column("last_revision", Integer, nullable=False),  # the highest number given out
    Column("created_on", Moment, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("bot_id", "kind", "name"),  # staged ones too: their name is taken
)

suite_tags = Table(
    "suite_tags",
    metadata,
    Column("suite_id", ForeignKey("suites.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", Words, primary_key=True),
    sqlite_with_rowid=False,
)

suite_intents = Table(
    "suite_intents",
    metadata,
    Column("suite_id", ForeignKey("suites.id", ondelete="CASCADE"), primary_key=True),
    Column("intent", Words, primary_key=True),
    sqlite_with_rowid=False,
)

# Every file that a suite was ever made from: `update` replaces a suite's file, its removal frees them all.
suite_files = Table(
    "suite_files",
    metadata,
    Column("suite_id", ForeignKey("suites.id", ondelete="CASCADE"), primary_key=True),
    Column("file_id", Words, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

suite_revisions = Table(
    "suite_revisions",
    metadata,
    Column("suite_id", ForeignKey("suites.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("published", Boolean, nullable=False),  # False: staged
    Column("created_on", Moment, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # the suite as it is, or is to be, with this revision
)

suite_units = Table(
    "suite_units",
    metadata,
    Column("suite_id", ForeignKey("suites.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

# `suite_id` and `bot_id` are no foreign keys: the record of a failed import outlives its suite.
runs = Table(
    "runs",
    metadata,
    Column("seq", Big, primary_key=True),
    Column("id", Words, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("bot_id", Words, nullable=False),
    Column("suite_id", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("finished", Integer, nullable=False),  # steps or cases of finished units
    Column("done", Integer, nullable=False),  # the high-water mark, at least `finished`
    Column("started_on", Moment),
    Column("ended_on", Moment),
    Column("modified_on", Moment),
    Column("cancel_requested", Boolean, nullable=False),
    Column("owner", Words, nullable=False),  # who plays it; empty: nobody
    Column("host", Words, nullable=False),
    Column("lease_us", Big, nullable=False),  # how long its lease lasts after a heartbeat, in microseconds
    Column("lease_until", Moment),
    Column("report_file", Words, nullable=False, index=True),
    Column("ending", LargeBinary),  # what is known at the end: reason, counts, tally
    Column("payload", LargeBinary, nullable=False),  # the run as it was accepted
    Index("runs_suite_id_seq_idx", "suite_id", "seq"),
    Index("runs_bot_id_seq_idx", "bot_id", "seq"),
    Index("runs_status_seq_idx", "status", "seq"),
    sqlite_autoincrement=True,  # a number is never given twice
)

run_units = Table(
    "run_units",
    metadata,
    Column("run", ForeignKey("runs.seq", ondelete="CASCADE"), primary_key=True),
    Column("repeat", Integer, primary_key=True, autoincrement=False),
    Column("unit", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("finished", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

run_logs = Table(
    "run_logs",
    metadata,
    Column("seq", Big, primary_key=True),
    Column("run", ForeignKey("runs.seq", ondelete="CASCADE"), nullable=False, index=True),
    Column("payload", LargeBinary, nullable=False),
)

step_results = Table(
    "step_results",
    metadata,
    Column("run", ForeignKey("runs.seq", ondelete="CASCADE"), primary_key=True),
    Column("unit", Integer, primary_key=True, autoincrement=False),
    Column("repeat", Integer, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("verdict", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# A row a chunk of utterances, its results packed together: a row each would cost ten times as much.
case_chunks = Table(
    "case_chunks",
    metadata,
    Column("run", ForeignKey("runs.seq", ondelete="CASCADE"), primary_key=True),
    Column("unit", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),  # indexes of its first and last result
    Column("last", Integer, nullable=False),
    Column("sums", LargeBinary, nullable=False),  # counts and tally of its results
    Column("payload", LargeBinary, nullable=False),
)

run_evaluations = Table(
    "run_evaluations",
    metadata,
    Column("run", ForeignKey("runs.seq", ondelete="CASCADE"), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

rates = Table(
    "rates",
    metadata,
    Column("bot_id", Words, primary_key=True),
    Column("next_free", Float(53), nullable=False),  # epoch seconds
)
