-- The sources that are asked for their news: how far each has read moves on in the commit of what was read. One process
-- owns the file, so nobody needs to hold a row.
create table pull (
    source text not null primary key,
    -- The source's own mark of how far it has read; null: from the beginning, or it keeps no mark.
    cursor text
) strict;
