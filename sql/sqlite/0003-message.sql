-- The outbox. What a message says is made from its order when it is sent, so no personal data lies here.
create table message (
    id              blob not null primary key,
    destination     text not null,
    kind            text not null,
    state           text not null,
    order_key       text not null,
    reference       text not null,
    created_at      integer not null,
    caused_at       integer,
    trace_parent    text,
    attempts        integer not null,
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

-- One release, one WMS order: of what we ask about one reference, at most one message is open at any time.
create unique index message_one_open_per_reference on message (destination, reference)
    where state in ('due', 'parked');

create index message_due on message (destination, next_attempt_at, id, created_at) where state = 'due';
create index message_parked on message (parked_at, id) where state = 'parked';

-- The audit counts states without reading rows.
create index message_state on message (state);
