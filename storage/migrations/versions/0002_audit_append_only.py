"""the audit trail takes no change and loses no row

The chain shows tampering afterwards; this refuses it at once, whosever code it is. Only ``payload`` may
change: it is erased by law, and sealed anew when keys rotate. Works with the code of the release before it.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FIXED = "id, number, at, staff_id, action, subject, subject_id, payload_digest, chain_key_id, hash"

_SQLITE = tuple(
    f"CREATE TRIGGER audit_events_no_{name} BEFORE {event} ON audit_events "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    for name, event in (("update", f"UPDATE OF {_FIXED}"), ("delete", "DELETE"))
)

_REFUSE = """
CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$
"""
_POSTGRESQL = (
    _REFUSE,
    *(
        f"CREATE TRIGGER audit_events_no_{name} BEFORE {event} ON audit_events "
        f"FOR EACH {each} EXECUTE FUNCTION audit_events_refuse()"
        for name, event, each in (
            ("update", f"UPDATE OF {_FIXED}", "ROW"),
            ("delete", "DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        )
    ),
)


def upgrade() -> None:
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER audit_events_no_update")
        op.execute("DROP TRIGGER audit_events_no_delete")
    else:
        op.execute("DROP FUNCTION audit_events_refuse() CASCADE")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
