-- The sources that are asked for their news: a row for each. Who holds it asks, and how far it has read moves on in the
-- commit of what was read.
create table pull (
    source     text collate "C" not null,
    -- The process that asks; null: nobody does.
    holder     uuid,
    -- Until then nobody else may ask; by the clock of this server.
    held_until timestamptz not null,
    -- The source's own mark of how far it has read; null: from the beginning, or it keeps no mark.
    cursor     text,
    constraint pull_identity primary key (source)
);
