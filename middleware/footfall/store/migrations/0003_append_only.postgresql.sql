-- Consent records are evidence: nothing changes one, and nothing deletes one but retention.

CREATE FUNCTION refuse_change_of_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consent records are append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER consent_records_are_final
BEFORE UPDATE ON consent_records
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_consent();

CREATE TRIGGER consent_records_are_not_emptied
BEFORE TRUNCATE ON consent_records
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_consent();

CREATE FUNCTION refuse_deletion_of_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM consent_retention WHERE OLD.at < cutoff) THEN
        RAISE EXCEPTION 'consent records are append-only; retention alone deletes them'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER consent_records_stay
BEFORE DELETE ON consent_records
FOR EACH ROW EXECUTE FUNCTION refuse_deletion_of_consent();
