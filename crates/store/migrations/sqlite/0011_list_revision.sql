-- Grows with every change of what the ranked list shows, so that each program knows when to read it anew.
CREATE TABLE list_revision (revision INTEGER NOT NULL);
INSERT INTO list_revision (revision) VALUES (1);
