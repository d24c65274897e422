CREATE TRIGGER occupancy_no_overlap_insert BEFORE INSERT ON occupancy
WHEN EXISTS (
    SELECT 1 FROM occupancy o WHERE o.resource_id = NEW.resource_id
    AND o.starts_at > strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-1 day', '-1 second')
    AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at
    )
BEGIN SELECT RAISE(ABORT, 'ex_occupancy_no_overlap'); END
-- next
CREATE TRIGGER occupancy_no_overlap_update BEFORE UPDATE ON occupancy
WHEN EXISTS (
    SELECT 1 FROM occupancy o WHERE o.resource_id = NEW.resource_id
    AND o.starts_at > strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-1 day', '-1 second')
    AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at
    AND o.id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'ex_occupancy_no_overlap'); END
-- next
CREATE TRIGGER practice_rules_insert AFTER INSERT ON practice
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER practice_rules_update AFTER UPDATE ON practice
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER practice_rules_delete AFTER DELETE ON practice
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER location_rules_insert AFTER INSERT ON location
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER location_rules_update AFTER UPDATE ON location
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER location_rules_delete AFTER DELETE ON location
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER room_rules_insert AFTER INSERT ON room
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER room_rules_update AFTER UPDATE ON room
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER room_rules_delete AFTER DELETE ON room
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER closure_rules_insert AFTER INSERT ON closure
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER closure_rules_update AFTER UPDATE ON closure
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER closure_rules_delete AFTER DELETE ON closure
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER therapist_rules_insert AFTER INSERT ON therapist
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER therapist_rules_update AFTER UPDATE ON therapist
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER therapist_rules_delete AFTER DELETE ON therapist
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER service_rules_insert AFTER INSERT ON service
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER service_rules_update AFTER UPDATE ON service
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER service_rules_delete AFTER DELETE ON service
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER offer_rules_insert AFTER INSERT ON offer
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER offer_rules_update AFTER UPDATE ON offer
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER offer_rules_delete AFTER DELETE ON offer
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER availability_rules_insert AFTER INSERT ON availability
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER availability_rules_update AFTER UPDATE ON availability
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER availability_rules_delete AFTER DELETE ON availability
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER date_hours_rules_insert AFTER INSERT ON date_hours
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER date_hours_rules_update AFTER UPDATE ON date_hours
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER date_hours_rules_delete AFTER DELETE ON date_hours
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER date_hours_span_rules_insert AFTER INSERT ON date_hours_span
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER date_hours_span_rules_update AFTER UPDATE ON date_hours_span
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER date_hours_span_rules_delete AFTER DELETE ON date_hours_span
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER time_off_rules_insert AFTER INSERT ON time_off
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER time_off_rules_update AFTER UPDATE ON time_off
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER time_off_rules_delete AFTER DELETE ON time_off
BEGIN UPDATE rule_book_revision SET token = lower(hex(randomblob(8))) WHERE id = 1; END
-- next
CREATE TRIGGER occupancy_revision_insert AFTER INSERT ON occupancy
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (NEW.resource_id); END
-- next
CREATE TRIGGER occupancy_revision_update AFTER UPDATE ON occupancy
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (OLD.resource_id, NEW.resource_id); END
-- next
CREATE TRIGGER occupancy_revision_delete AFTER DELETE ON occupancy
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (OLD.resource_id); END
-- next
CREATE TRIGGER outside_busy_revision_insert AFTER INSERT ON outside_busy
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (NEW.resource_id); END
-- next
CREATE TRIGGER outside_busy_revision_update AFTER UPDATE ON outside_busy
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (OLD.resource_id, NEW.resource_id); END
-- next
CREATE TRIGGER outside_busy_revision_delete AFTER DELETE ON outside_busy
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (OLD.resource_id); END
-- next
CREATE TRIGGER appointment_revision AFTER UPDATE ON appointment
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (
    SELECT t.resource_id FROM appointment_therapist p JOIN therapist t ON t.id = p.therapist_id
    WHERE p.appointment_id = NEW.id
    UNION SELECT c.resource_id FROM attendance a JOIN client c ON c.id = a.client_id
    WHERE a.appointment_id = NEW.id); END
-- next
CREATE TRIGGER attendance_revision AFTER UPDATE ON attendance
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (
    SELECT t.resource_id FROM appointment_therapist p JOIN therapist t ON t.id = p.therapist_id
    WHERE p.appointment_id = NEW.appointment_id
    UNION SELECT c.resource_id FROM attendance a JOIN client c ON c.id = a.client_id
    WHERE a.appointment_id = NEW.appointment_id); END
-- next
CREATE TRIGGER client_revision AFTER UPDATE OF name, chosen_name ON client
BEGIN UPDATE resource SET revision = revision + 1 WHERE id IN (
    SELECT t.resource_id FROM attendance a JOIN appointment_therapist p ON p.appointment_id = a.appointment_id
    JOIN therapist t ON t.id = p.therapist_id WHERE a.client_id = NEW.id
    UNION SELECT NEW.resource_id); END
-- next
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END
-- next
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
WHEN OLD.link IS NOT NULL OR NEW.link IS NULL OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
    OR NEW.actor_kind IS NOT OLD.actor_kind OR NEW.actor_id IS NOT OLD.actor_id OR NEW.action IS NOT OLD.action
    OR NEW.subject_kind IS NOT OLD.subject_kind OR NEW.subject_id IS NOT OLD.subject_id
    OR NEW.detail IS NOT OLD.detail
BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END
