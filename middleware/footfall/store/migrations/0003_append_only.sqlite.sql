-- Consent records are evidence: nothing changes one, and nothing deletes one but retention.

CREATE TRIGGER consent_records_are_final
BEFORE UPDATE ON consent_records
BEGIN
    SELECT RAISE(ABORT, 'consent records are append-only');
END;

CREATE TRIGGER consent_records_stay
BEFORE DELETE ON consent_records
WHEN NOT EXISTS (SELECT 1 FROM consent_retention WHERE OLD.at < cutoff)
BEGIN
    SELECT RAISE(ABORT, 'consent records are append-only; retention alone deletes them');
END;

-- A record written again is one record; and INSERT OR REPLACE, which fires no other trigger, replaces nothing.
CREATE TRIGGER consent_records_are_written_once
BEFORE INSERT ON consent_records
WHEN EXISTS (SELECT 1 FROM consent_records WHERE id = NEW.id)
BEGIN
    SELECT RAISE(IGNORE);
END;
