-- The outbox. What a message says is made from its order when it is sent, so no personal data lies here.
create table message (
    id              uuid not null,
    destination     text collate "C" not null,
    kind            text not null,
    state           text collate "C" not null,
    order_key       text collate "C" not null,
    reference       text collate "C" not null,
    created_at      timestamptz not null,
    caused_at       timestamptz,
    trace_parent    text,
    attempts        integer not null,
    next_attempt_at timestamptz not null,
    last_answer     text,
    reason          text,
    parked_at       timestamptz,
    settled_at      timestamptz,
    constraint message_identity primary key (id),
    constraint message_state_known check (state in ('due', 'delivered', 'superseded', 'parked')),
    constraint message_attempts_not_negative check (attempts >= 0),
    constraint message_parked_has_time check ((state = 'parked') = (parked_at is not null)),
    constraint message_settled_has_time check ((state in ('delivered', 'superseded')) = (settled_at is not null)),
    constraint message_reason_given check (state in ('due', 'delivered') or coalesce(length(reason), 0) > 0)
);

-- One release, one WMS order: of what we ask about one reference, at most one message is open at any time.
create unique index message_one_open_per_reference on message (destination, reference)
    where state in ('due', 'parked');

create index message_due on message (destination, next_attempt_at, id) where state = 'due';
create index message_parked on message (parked_at, id) where state = 'parked';
