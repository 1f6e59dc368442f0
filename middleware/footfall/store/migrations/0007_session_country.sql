-- Where a member signed in, as far as a trusted proxy says: the country, for the page that shows their devices.

ALTER TABLE sessions ADD COLUMN country TEXT NOT NULL DEFAULT '';

ALTER TABLE remember_series ADD COLUMN country TEXT NOT NULL DEFAULT '';
