-- Whole numbers with a zero behind the point are the whole numbers, as sources are read from now on.
UPDATE box SET box_id = substr(box_id, 1, length(box_id) - 2)
WHERE box_id GLOB '[0-9]*.0' AND substr(box_id, 1, length(box_id) - 2) NOT GLOB '*[^0-9]*'
AND NOT EXISTS (SELECT 1 FROM box other WHERE other.box_id = substr(box.box_id, 1, length(box.box_id) - 2));
