-- What people say about a dataset, where each version came from, and the bytes that it was read from.
ALTER TABLE app.dataset ADD COLUMN description VARCHAR DEFAULT '';
ALTER TABLE app.dataset ADD COLUMN tags VARCHAR[] DEFAULT [];
ALTER TABLE app.dataset_version ADD COLUMN source VARCHAR DEFAULT 'upload'; -- upload, sample or reading
ALTER TABLE app.dataset_version ADD COLUMN added_by VARCHAR DEFAULT '';
ALTER TABLE app.dataset_version ADD COLUMN options JSON DEFAULT '{}'; -- what a person decided about the reading
ALTER TABLE app.dataset_version ADD COLUMN questions JSON DEFAULT '[]';
ALTER TABLE app.dataset_version ADD COLUMN original VARCHAR; -- artifact: the file as it was sent
ALTER TABLE app.dataset_version ADD COLUMN rejects VARCHAR; -- artifact: the lines that did not fit
ALTER TABLE app.dataset_version ADD COLUMN rejected BIGINT DEFAULT 0;
