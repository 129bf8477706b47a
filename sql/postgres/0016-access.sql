-- Who acted, and who looked at personal data without the mask. Ids of orders, receipts and the like alone: it must not
-- become one more place with personal data.
create table trail (
    -- A UUIDv7: newest last.
    id      uuid        not null,
    at      timestamptz not null,
    -- The name of the key, or of the person as the identity provider has it.
    actor   text collate "C" not null,
    -- What they were allowed at that time.
    role    text        not null,
    -- By a key, a token of the identity provider, or a session of the console.
    means   text        not null,
    act     text        not null,
    -- On what; null: on nothing by itself.
    subject text collate "C",
    -- Null: the row was written before the act, and nobody knows how it ended.
    result  text,
    constraint trail_identity primary key (id),
    constraint trail_result_known check (result in ('done', 'refused'))
);

create index trail_by_actor on trail (actor, id);
create index trail_by_subject on trail (subject, id) where subject is not null;

-- Sessions of the console. A cookie names one of these, and opens nothing once its row is gone.
create table console_session (
    id       uuid        not null,
    actor    text collate "C" not null,
    role     text        not null,
    -- What opened it: a key, or the identity provider.
    means    text        not null,
    begun_at timestamptz not null,
    -- To a minute.
    seen_at  timestamptz not null,
    constraint console_session_identity primary key (id)
);

-- When each API key was last used, to a minute.
create table key_use (
    name    text collate "C" not null,
    used_at timestamptz not null,
    constraint key_use_identity primary key (name)
);
