-- The outbox. What a message says of a person is made by its subject when it is sent, so no personal data lies here.
create table message (
    id              blob not null primary key,
    destination     text not null,
    kind            text not null,
    state           text not null,
    -- What it is about: an order's or a stock's key, a name.
    subject_kind    text not null,
    subject         text not null,
    -- Those of one key go out one after the other; with a sequence, in that order.
    sequence_key    text not null,
    sequence        integer,
    coalescing_key  text,
    -- Of an event what happened, and the facts as a JSON object; null where the subject says it when it is sent.
    event_type      text,
    event_data      text,
    created_at      integer not null,
    caused_at       integer,
    trace_parent    text,
    attempts        integer not null,
    -- An attempt failed at some time; a person who resumes it begins the count anew.
    tried           integer not null default 0,
    next_attempt_at integer not null,
    last_answer     text,
    reason          text,
    parked_at       integer,
    settled_at      integer,
    constraint message_id_is_uuid check (length(id) = 16),
    constraint message_state_known check (state in ('due', 'delivered', 'superseded', 'parked')),
    constraint message_attempts_not_negative check (attempts >= 0),
    constraint message_parked_has_time check ((state = 'parked') = (parked_at is not null)),
    constraint message_settled_has_time check ((state in ('delivered', 'superseded')) = (settled_at is not null)),
    constraint message_reason_given check (state in ('due', 'delivered') or coalesce(length(reason), 0) > 0)
) strict;

-- One release, one WMS order: of what we ask about one reference, at most one message is open at any time. And of one
-- stock a subscriber needs the newest alone.
create unique index message_one_open_per_coalescing_key on message (destination, coalescing_key)
    where coalescing_key is not null and state in ('due', 'parked');

-- Whether one before it is still due. What has no sequence costs nothing here.
create index message_sequence on message (destination, sequence_key, sequence)
    where state = 'due' and sequence is not null;

create index message_due on message (destination, next_attempt_at, id, created_at) where state = 'due';
create index message_parked on message (parked_at, id) where state = 'parked';

-- What others said of an order's messages, which is erased with its personal data.
create index message_answer on message (subject) where last_answer is not null;
