"""What the screens show: photos, a logo and a colour, licences, what clients say on the day, and calls asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Added in place, constraints with them: rebuilding a table would lose SQLite's triggers.
COLUMNS = (
    ("practice", "tagline", "TEXT DEFAULT '' NOT NULL"),
    ("practice", "accent", "TEXT DEFAULT '' NOT NULL"),
    ("practice", "logo_id", "{id} CONSTRAINT fk_practice_logo_id REFERENCES image (id)"),
    ("therapist", "photo_id", "{id} CONSTRAINT fk_therapist_photo_id REFERENCES image (id)"),
    ("closure", "holiday", "TEXT DEFAULT '' NOT NULL"),
    (
        "attendance",
        "late_minutes",
        "INTEGER CONSTRAINT ck_attendance_late_minutes_in_range CHECK (late_minutes BETWEEN 1 AND 120)",
    ),
    ("attendance", "said_at", "{instant}"),
    ("attendance", "fee_noted_at", "{instant}"),
)
TYPES = {
    "sqlite": {"id": "INTEGER", "instant": "DATETIME"},
    "postgresql": {"id": "BIGINT", "instant": "TIMESTAMP WITH TIME ZONE"},
}


def upgrade() -> None:
    """Add the tables, then the columns."""
    op.create_table(
        "image",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_image_has_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("public_id", name=op.f("uq_image_public_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_image_sha256")),
    )
    op.create_table(
        "licence",
        sa.Column("id", ID, nullable=False),
        sa.Column("therapist_id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name=op.f("fk_licence_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    op.create_index(op.f("ix_licence_therapist_id"), "licence", ["therapist_id"])
    op.create_table(
        "call_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("best_time", sa.Text(), nullable=False),
        sa.Column("service_id", ID, nullable=True),
        sa.Column("therapist_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.CheckConstraint(
            "best_time IN ('any', 'morning', 'afternoon', 'evening')", name=op.f("ck_call_request_best_time_known")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_call_request_service_id")),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name=op.f("fk_call_request_therapist_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_call_request_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_request_public_id")),
    )
    op.create_index(op.f("ix_call_request_answered_at_created_at"), "call_request", ["answered_at", "created_at"])
    types = TYPES[op.get_bind().dialect.name]
    for table, column, definition in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition.format(**types)}")


def downgrade() -> None:
    """Take the columns away, then the tables."""
    for table, column, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in ("call_request", "licence", "image"):
        op.drop_table(table)
