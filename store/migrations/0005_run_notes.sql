-- What people write on a run.
ALTER TABLE app.run ADD COLUMN notes VARCHAR DEFAULT '';
ALTER TABLE app.run ADD COLUMN tags VARCHAR[] DEFAULT [];
ALTER TABLE app.run ADD COLUMN starred BOOLEAN DEFAULT false;
