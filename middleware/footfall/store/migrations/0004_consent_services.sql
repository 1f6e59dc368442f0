-- Services chosen apart from their purpose: granted without it, or refused although it is granted.

ALTER TABLE consent_records ADD COLUMN services TEXT NOT NULL DEFAULT '[]';

ALTER TABLE consent_records ADD COLUMN services_refused TEXT NOT NULL DEFAULT '[]';
