"""The first tables."""

import sqlalchemy as sa
from alembic import op

from vivavoce.storage.columns import Big, Moment, Words

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "apps",
        sa.Column("client_id", Words, nullable=False),
        sa.Column("created_on", Moment, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="apps_pk"),
    )
    op.create_table(
        "bots",
        sa.Column("id", Words, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="bots_pk"),
    )
    op.create_index("bots_name_idx", "bots", ["name"])
    op.create_table(
        "files",
        sa.Column("id", Words, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="files_pk"),
    )
    op.create_table(
        "rates",
        sa.Column("bot_id", Words, nullable=False),
        sa.Column("next_free", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", name="rates_pk"),
    )
    op.create_table(
        "runs",
        sa.Column("seq", Big, nullable=False),
        sa.Column("id", Words, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("bot_id", Words, nullable=False),
        sa.Column("suite_id", Words, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("finished", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("started_on", Moment),
        sa.Column("ended_on", Moment),
        sa.Column("modified_on", Moment),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("owner", Words, nullable=False),
        sa.Column("host", Words, nullable=False),
        sa.Column("lease_us", Big, nullable=False),
        sa.Column("lease_until", Moment),
        sa.Column("report_file", Words, nullable=False),
        sa.Column("ending", sa.LargeBinary),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="runs_pk"),
        sa.UniqueConstraint("id", name="runs_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("runs_bot_id_seq_idx", "runs", ["bot_id", "seq"])
    op.create_index("runs_report_file_idx", "runs", ["report_file"])
    op.create_index("runs_status_seq_idx", "runs", ["status", "seq"])
    op.create_index("runs_suite_id_seq_idx", "runs", ["suite_id", "seq"])
    op.create_table(
        "seals",
        sa.Column("name", Words, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="seals_pk"),
    )
    op.create_table(
        "suites",
        sa.Column("id", Words, nullable=False),
        sa.Column("bot_id", Words, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("visible", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("last_revision", sa.Integer, nullable=False),
        sa.Column("created_on", Moment, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="suites_pk"),
        sa.UniqueConstraint("bot_id", "kind", "name", name="suites_bot_id_kind_name_key"),
    )
    op.create_table(
        "case_chunks",
        sa.Column("run", Big, nullable=False),
        sa.Column("unit", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("sums", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.seq"], name="case_chunks_run_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "unit", name="case_chunks_pk"),
    )
    op.create_table(
        "run_evaluations",
        sa.Column("run", Big, autoincrement=False, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.seq"], name="run_evaluations_run_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", name="run_evaluations_pk"),
    )
    op.create_table(
        "run_logs",
        sa.Column("seq", Big, nullable=False),
        sa.Column("run", Big, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.seq"], name="run_logs_run_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seq", name="run_logs_pk"),
    )
    op.create_index("run_logs_run_idx", "run_logs", ["run"])
    op.create_table(
        "run_units",
        sa.Column("run", Big, nullable=False),
        sa.Column("repeat", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("unit", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.seq"], name="run_units_run_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "repeat", "unit", name="run_units_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "step_results",
        sa.Column("run", Big, nullable=False),
        sa.Column("unit", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("repeat", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("idx", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.seq"], name="step_results_run_fk", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "unit", "repeat", "idx", name="step_results_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suite_files",
        sa.Column("suite_id", Words, nullable=False),
        sa.Column("file_id", Words, nullable=False),
        sa.ForeignKeyConstraint(
            ["suite_id"], ["suites.id"], name="suite_files_suite_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("suite_id", "file_id", name="suite_files_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("suite_files_file_id_idx", "suite_files", ["file_id"])
    op.create_table(
        "suite_intents",
        sa.Column("suite_id", Words, nullable=False),
        sa.Column("intent", Words, nullable=False),
        sa.ForeignKeyConstraint(
            ["suite_id"], ["suites.id"], name="suite_intents_suite_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("suite_id", "intent", name="suite_intents_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suite_revisions",
        sa.Column("suite_id", Words, nullable=False),
        sa.Column("revision", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("created_on", Moment, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["suite_id"], ["suites.id"], name="suite_revisions_suite_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("suite_id", "revision", name="suite_revisions_pk"),
    )
    op.create_table(
        "suite_tags",
        sa.Column("suite_id", Words, nullable=False),
        sa.Column("tag", Words, nullable=False),
        sa.ForeignKeyConstraint(
            ["suite_id"], ["suites.id"], name="suite_tags_suite_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("suite_id", "tag", name="suite_tags_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suite_units",
        sa.Column("suite_id", Words, nullable=False),
        sa.Column("revision", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("idx", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["suite_id"], ["suites.id"], name="suite_units_suite_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("suite_id", "revision", "idx", name="suite_units_pk"),
    )
