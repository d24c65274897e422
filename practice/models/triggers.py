"""What the database itself guards and counts: the triggers of both dialects.

Migrations hold their own frozen copies; a test compares a migrated database with this.
"""

RULE_TABLES = (
    "practice",
    "location",
    "room",
    "closure",
    "therapist",
    "service",
    "service_duration",
    "licence",
    "offer",
    "availability",
    "date_hours",
    "date_hours_span",
    "time_off",
)
EVENTS = ("INSERT", "UPDATE", "DELETE")

# The resources of one appointment: its therapists' and its clients'.
PARTIES = """
    SELECT t.resource_id FROM appointment_therapist p JOIN therapist t ON t.id = p.therapist_id
    WHERE p.appointment_id = {appointment}
    UNION SELECT c.resource_id FROM attendance a JOIN client c ON c.id = a.client_id
    WHERE a.appointment_id = {appointment}"""
# The therapists who see one client's name.
SEEN_BY = """
    SELECT t.resource_id FROM attendance a JOIN appointment_therapist p ON p.appointment_id = a.appointment_id
    JOIN therapist t ON t.id = p.therapist_id WHERE a.client_id = {client}
    UNION SELECT {resource}"""

# Clients are seen when a session is planned for them: the newest start of all is kept.
SEEN = """UPDATE client_search SET seen_at = {starts_at} WHERE client_id IN ({clients}) AND seen_at < {starts_at};"""

# Nothing that finds them outlives a client who is archived or erased.
HIDDEN = "DELETE FROM client_term WHERE client_id = NEW.id; DELETE FROM client_search WHERE client_id = NEW.id;"
SEEN_IN_ORDER = """PERFORM 1 FROM client_search s JOIN ({clients}) n ON n.client_id = s.client_id
    ORDER BY s.client_id FOR NO KEY UPDATE OF s;
    UPDATE client_search s SET seen_at = n.starts_at FROM ({clients}) n
    WHERE s.client_id = n.client_id AND s.seen_at < n.starts_at;"""


def sqlite_triggers() -> dict[str, str]:
    """Return the CREATE TRIGGER statements for SQLite, by trigger name."""
    triggers = {}
    for event in ("INSERT", "UPDATE"):
        name = f"occupancy_no_overlap_{event.lower()}"
        triggers[name] = f"""CREATE TRIGGER {name} BEFORE {event} ON occupancy
WHEN EXISTS (
    SELECT 1 FROM occupancy o WHERE o.resource_id = NEW.resource_id
    AND o.starts_at > strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-1 day', '-1 second')
    AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at
    {"AND o.id <> OLD.id" if event == "UPDATE" else ""})
BEGIN SELECT RAISE(ABORT, 'ex_occupancy_no_overlap'); END"""
    for table in RULE_TABLES:
        for event in EVENTS:
            name = f"{table}_rules_{event.lower()}"
            triggers[name] = f"""CREATE TRIGGER {name} AFTER {event} ON {table}
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END"""
    for table in ("occupancy", "outside_busy"):
        for event in EVENTS:
            rows = {
                "INSERT": "NEW.resource_id",
                "UPDATE": "OLD.resource_id, NEW.resource_id",
                "DELETE": "OLD.resource_id",
            }
            name = f"{table}_revision_{event.lower()}"
            triggers[name] = f"""CREATE TRIGGER {name} AFTER {event} ON {table}
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN ({rows[event]}); END"""
    parties = PARTIES.format(appointment="NEW.id")
    triggers["appointment_revision"] = f"""CREATE TRIGGER appointment_revision AFTER UPDATE ON appointment
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN ({parties}); END"""
    parties = PARTIES.format(appointment="NEW.appointment_id")
    triggers["attendance_revision"] = f"""CREATE TRIGGER attendance_revision AFTER UPDATE ON attendance
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN ({parties}); END"""
    seen_by = SEEN_BY.format(client="NEW.id", resource="NEW.resource_id")
    triggers["client_revision"] = f"""CREATE TRIGGER client_revision AFTER UPDATE OF name, chosen_name ON client
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN ({seen_by}); END"""
    triggers |= _sqlite_search_triggers()
    triggers |= _sqlite_audit_triggers()
    return triggers


def _sqlite_audit_triggers() -> dict[str, str]:
    triggers = {}
    triggers["audit_event_no_delete"] = """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END"""
    triggers["audit_event_no_update"] = """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
WHEN OLD.link IS NOT NULL OR NEW.link IS NULL OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
    OR NEW.actor_kind IS NOT OLD.actor_kind OR NEW.actor_id IS NOT OLD.actor_id OR NEW.action IS NOT OLD.action
    OR NEW.subject_kind IS NOT OLD.subject_kind OR NEW.subject_id IS NOT OLD.subject_id
    OR NEW.detail IS NOT OLD.detail
BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END"""
    return triggers


def _sqlite_search_triggers() -> dict[str, str]:
    triggers = {}
    seen = SEEN.format(
        clients="NEW.client_id", starts_at="(SELECT starts_at FROM appointment WHERE id = NEW.appointment_id)"
    )
    triggers["attendance_seen"] = f"""CREATE TRIGGER attendance_seen AFTER INSERT ON attendance
BEGIN {seen} END"""
    seen = SEEN.format(
        clients="SELECT client_id FROM attendance WHERE appointment_id = NEW.id", starts_at="NEW.starts_at"
    )
    triggers["appointment_seen"] = f"""CREATE TRIGGER appointment_seen AFTER UPDATE OF starts_at ON appointment
BEGIN {seen} END"""
    triggers["client_hidden"] = f"""CREATE TRIGGER client_hidden AFTER UPDATE OF archived_at, erased_at ON client
WHEN NEW.archived_at IS NOT NULL OR NEW.erased_at IS NOT NULL
BEGIN {HIDDEN} END"""
    return triggers


def postgresql_functions() -> dict[str, str]:
    """Return the CREATE FUNCTION statements for PostgreSQL, by function name."""
    bump = """PERFORM 1 FROM resource WHERE id IN ({ids}) ORDER BY id FOR NO KEY UPDATE;
    UPDATE resource SET revision = revision + 1 WHERE id IN ({ids});"""
    bodies = {
        "rules_changed": "UPDATE rule_book_revision SET token = gen_random_uuid()::text WHERE id = 1;",
        "busy_changed": bump.format(ids="SELECT resource_id FROM changed"),
        "appointment_changed": bump.format(ids=PARTIES.format(appointment="NEW.id")),
        "attendance_changed": bump.format(ids=PARTIES.format(appointment="NEW.appointment_id")),
        "client_changed": bump.format(ids=SEEN_BY.format(client="NEW.id", resource="NEW.resource_id")),
        "client_hidden": HIDDEN,
        "attendance_seen": SEEN_IN_ORDER.format(
            clients="""SELECT c.client_id, max(a.starts_at) AS starts_at FROM changed c
        JOIN appointment a ON a.id = c.appointment_id GROUP BY c.client_id"""
        ),
        "appointment_seen": SEEN_IN_ORDER.format(
            clients="SELECT client_id, NEW.starts_at AS starts_at FROM attendance WHERE appointment_id = NEW.id"
        ),
    }
    functions = {
        name: f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END $$"""
        for name, body in bodies.items()
    }
    functions["audit_event_guarded"] = """CREATE FUNCTION audit_event_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.link IS NULL AND NEW.link IS NOT NULL
        AND (NEW.id, NEW.at, NEW.actor_kind, NEW.actor_id, NEW.action, NEW.subject_kind, NEW.subject_id,
             NEW.detail::text) IS NOT DISTINCT FROM
            (OLD.id, OLD.at, OLD.actor_kind, OLD.actor_id, OLD.action, OLD.subject_kind, OLD.subject_id,
             OLD.detail::text) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit_event_append_only' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_event_append_only';
END $$"""
    return functions


def postgresql_triggers() -> dict[str, str]:
    """Return the CREATE TRIGGER statements for PostgreSQL, by trigger name."""
    triggers = {}
    for table in RULE_TABLES:
        name = f"{table}_rules"
        triggers[name] = f"""CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()"""
    for table in ("occupancy", "outside_busy"):
        for event, side in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            name = f"{table}_revision_{event.lower()}"
            triggers[name] = f"""CREATE TRIGGER {name} AFTER {event} ON {table}
REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()"""
        name = f"{table}_revision_update_from"
        triggers[name] = f"""CREATE TRIGGER {name} AFTER UPDATE ON {table}
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()"""
    triggers["appointment_revision"] = """CREATE TRIGGER appointment_revision AFTER UPDATE ON appointment
FOR EACH ROW EXECUTE FUNCTION appointment_changed()"""
    triggers["attendance_revision"] = """CREATE TRIGGER attendance_revision AFTER UPDATE ON attendance
FOR EACH ROW EXECUTE FUNCTION attendance_changed()"""
    triggers["client_revision"] = """CREATE TRIGGER client_revision AFTER UPDATE OF name, chosen_name ON client
FOR EACH ROW EXECUTE FUNCTION client_changed()"""
    triggers["client_hidden"] = """CREATE TRIGGER client_hidden AFTER UPDATE OF archived_at, erased_at ON client
FOR EACH ROW WHEN (NEW.archived_at IS NOT NULL OR NEW.erased_at IS NOT NULL) EXECUTE FUNCTION client_hidden()"""
    triggers["attendance_seen"] = """CREATE TRIGGER attendance_seen AFTER INSERT ON attendance
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION attendance_seen()"""
    triggers["appointment_seen"] = """CREATE TRIGGER appointment_seen AFTER UPDATE OF starts_at ON appointment
FOR EACH ROW EXECUTE FUNCTION appointment_seen()"""
    triggers[
        "audit_event_append_only"
    ] = """CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_guarded()"""
    return triggers


def statements(dialect: str) -> list[str]:
    """Return every statement that builds the triggers on ``dialect`` ("sqlite" or "postgresql"), in order."""
    if dialect == "sqlite":
        return list(sqlite_triggers().values())
    return [*postgresql_functions().values(), *postgresql_triggers().values()]
