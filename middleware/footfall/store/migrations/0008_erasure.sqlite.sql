-- While an erasure runs, its one row says under which receipt: a record stays as evidence, without the person.
CREATE TABLE consent_erasure (
    receipt TEXT NOT NULL
);

DROP TRIGGER consent_records_are_final;

CREATE TRIGGER consent_records_are_final
BEFORE UPDATE ON consent_records
WHEN NOT EXISTS (SELECT 1 FROM consent_erasure WHERE NEW.visitor_id = 'erased:' || receipt)
    OR NEW.member_id NOT IN ('', OLD.member_id)
    OR (NEW.id, NEW.at, NEW.method, NEW.purposes, NEW.refused, NEW.policy_version, NEW.text_fingerprint, NEW.language,
        NEW.layer, NEW.site, NEW.supersedes, NEW.services, NEW.services_refused)
    <> (OLD.id, OLD.at, OLD.method, OLD.purposes, OLD.refused, OLD.policy_version, OLD.text_fingerprint, OLD.language,
        OLD.layer, OLD.site, OLD.supersedes, OLD.services, OLD.services_refused)
BEGIN
    SELECT RAISE(ABORT, 'consent records are append-only');
END;
