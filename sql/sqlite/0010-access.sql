-- Who acted, and who looked at personal data without the mask. Ids of orders, receipts and the like alone: it must not
-- become one more place with personal data.
create table trail (
    -- A UUIDv7: newest last.
    id      blob    not null primary key,
    at      integer not null,
    -- The name of the key, or of the person as the identity provider has it.
    actor   text    not null,
    -- What they were allowed at that time.
    role    text    not null,
    -- By a key, a token of the identity provider, or a session of the console.
    means   text    not null,
    act     text    not null,
    -- On what; null: on nothing by itself.
    subject text,
    -- Null: the row was written before the act, and nobody knows how it ended.
    result  text constraint trail_result_known check (result in ('done', 'refused'))
) strict, without rowid;

create index trail_by_actor on trail (actor, id);
create index trail_by_subject on trail (subject, id) where subject is not null;

-- Sessions of the console. A cookie names one of these, and opens nothing once its row is gone.
create table console_session (
    id       blob    not null primary key,
    actor    text    not null,
    role     text    not null,
    -- What opened it: a key, or the identity provider.
    means    text    not null,
    begun_at integer not null,
    -- To a minute.
    seen_at  integer not null
) strict, without rowid;

-- When each API key was last used, to a minute.
create table key_use (
    name    text    not null primary key,
    used_at integer not null
) strict, without rowid;
