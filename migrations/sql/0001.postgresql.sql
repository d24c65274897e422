CREATE FUNCTION rules_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rule_book_revision SET token = gen_random_uuid()::text WHERE id = 1;
    RETURN NULL;
END $$
-- next
CREATE FUNCTION busy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM resource WHERE id IN (SELECT resource_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE resource SET revision = revision + 1 WHERE id IN (SELECT resource_id FROM changed);
    RETURN NULL;
END $$
-- next
CREATE FUNCTION appointment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM resource WHERE id IN (
    SELECT t.resource_id FROM appointment_therapist p JOIN therapist t ON t.id = p.therapist_id
    WHERE p.appointment_id = NEW.id
    UNION SELECT c.resource_id FROM attendance a JOIN client c ON c.id = a.client_id
    WHERE a.appointment_id = NEW.id) ORDER BY id FOR NO KEY UPDATE;
    UPDATE resource SET revision = revision + 1 WHERE id IN (
    SELECT t.resource_id FROM appointment_therapist p JOIN therapist t ON t.id = p.therapist_id
    WHERE p.appointment_id = NEW.id
    UNION SELECT c.resource_id FROM attendance a JOIN client c ON c.id = a.client_id
    WHERE a.appointment_id = NEW.id);
    RETURN NULL;
END $$
-- next
CREATE FUNCTION attendance_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM resource WHERE id IN (
    SELECT t.resource_id FROM appointment_therapist p JOIN therapist t ON t.id = p.therapist_id
    WHERE p.appointment_id = NEW.appointment_id
    UNION SELECT c.resource_id FROM attendance a JOIN client c ON c.id = a.client_id
    WHERE a.appointment_id = NEW.appointment_id) ORDER BY id FOR NO KEY UPDATE;
    UPDATE resource SET revision = revision + 1 WHERE id IN (
    SELECT t.resource_id FROM appointment_therapist p JOIN therapist t ON t.id = p.therapist_id
    WHERE p.appointment_id = NEW.appointment_id
    UNION SELECT c.resource_id FROM attendance a JOIN client c ON c.id = a.client_id
    WHERE a.appointment_id = NEW.appointment_id);
    RETURN NULL;
END $$
-- next
CREATE FUNCTION client_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM resource WHERE id IN (
    SELECT t.resource_id FROM attendance a JOIN appointment_therapist p ON p.appointment_id = a.appointment_id
    JOIN therapist t ON t.id = p.therapist_id WHERE a.client_id = NEW.id
    UNION SELECT NEW.resource_id) ORDER BY id FOR NO KEY UPDATE;
    UPDATE resource SET revision = revision + 1 WHERE id IN (
    SELECT t.resource_id FROM attendance a JOIN appointment_therapist p ON p.appointment_id = a.appointment_id
    JOIN therapist t ON t.id = p.therapist_id WHERE a.client_id = NEW.id
    UNION SELECT NEW.resource_id);
    RETURN NULL;
END $$
-- next
CREATE FUNCTION audit_event_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.link IS NULL AND NEW.link IS NOT NULL
        AND (NEW.id, NEW.at, NEW.actor_kind, NEW.actor_id, NEW.action, NEW.subject_kind, NEW.subject_id,
             NEW.detail::text) IS NOT DISTINCT FROM
            (OLD.id, OLD.at, OLD.actor_kind, OLD.actor_id, OLD.action, OLD.subject_kind, OLD.subject_id,
             OLD.detail::text) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit_event_append_only' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_event_append_only';
END $$
-- next
CREATE TRIGGER practice_rules AFTER INSERT OR UPDATE OR DELETE ON practice
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER location_rules AFTER INSERT OR UPDATE OR DELETE ON location
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER room_rules AFTER INSERT OR UPDATE OR DELETE ON room
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER closure_rules AFTER INSERT OR UPDATE OR DELETE ON closure
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER therapist_rules AFTER INSERT OR UPDATE OR DELETE ON therapist
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER service_rules AFTER INSERT OR UPDATE OR DELETE ON service
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER offer_rules AFTER INSERT OR UPDATE OR DELETE ON offer
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER availability_rules AFTER INSERT OR UPDATE OR DELETE ON availability
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER date_hours_rules AFTER INSERT OR UPDATE OR DELETE ON date_hours
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER date_hours_span_rules AFTER INSERT OR UPDATE OR DELETE ON date_hours_span
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER time_off_rules AFTER INSERT OR UPDATE OR DELETE ON time_off
FOR EACH STATEMENT EXECUTE FUNCTION rules_changed()
-- next
CREATE TRIGGER occupancy_revision_insert AFTER INSERT ON occupancy
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER occupancy_revision_update AFTER UPDATE ON occupancy
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER occupancy_revision_delete AFTER DELETE ON occupancy
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER occupancy_revision_update_from AFTER UPDATE ON occupancy
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER outside_busy_revision_insert AFTER INSERT ON outside_busy
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER outside_busy_revision_update AFTER UPDATE ON outside_busy
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER outside_busy_revision_delete AFTER DELETE ON outside_busy
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER outside_busy_revision_update_from AFTER UPDATE ON outside_busy
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION busy_changed()
-- next
CREATE TRIGGER appointment_revision AFTER UPDATE ON appointment
FOR EACH ROW EXECUTE FUNCTION appointment_changed()
-- next
CREATE TRIGGER attendance_revision AFTER UPDATE ON attendance
FOR EACH ROW EXECUTE FUNCTION attendance_changed()
-- next
CREATE TRIGGER client_revision AFTER UPDATE OF name, chosen_name ON client
FOR EACH ROW EXECUTE FUNCTION client_changed()
-- next
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_guarded()
