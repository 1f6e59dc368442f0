-- Which batch a row came with, so that a shipper that was interrupted can see what is in already.
ALTER TABLE {database}.events{local}{on_cluster} ADD COLUMN IF NOT EXISTS batch String COMMENT 'The part of a journal batch, or the piece of a log, that the row came with' CODEC(ZSTD(1));

-- The journal deletes its copy after the acknowledgement: by then the rows must outlive a power cut.
ALTER TABLE {database}.events{local}{on_cluster} MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;
ALTER TABLE {database}.accounting{local}{on_cluster} MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;
ALTER TABLE {database}.imports{local}{on_cluster} MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;
