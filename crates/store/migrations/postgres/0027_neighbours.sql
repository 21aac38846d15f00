-- Boxes around a place.
CREATE INDEX box_by_latitude ON box (latitude);
