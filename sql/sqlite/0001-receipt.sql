-- The inbox. Ids are UUIDv7 as 16 big-endian bytes, so they sort by arrival; times are microseconds since 1970, UTC.
create table receipt (
    id           blob not null primary key,
    source       text not null,
    topic        text not null,
    delivery_id  text,
    received_at  integer not null,
    -- When the sender decided to send it, if it says so.
    triggered_at integer,
    trace_parent text,
    -- The process that holds a pending receipt in memory; null: nobody does.
    owner        text,
    outcome      text not null,
    reason       text,
    order_key    text,
    settled_at   integer,
    -- Last, so that reading the other columns of a large receipt stops before its overflow pages. Null: purged.
    body         blob,
    constraint receipt_id_is_uuid check (length(id) = 16),
    constraint receipt_outcome_known
        check (outcome in ('pending', 'applied', 'duplicate', 'stale', 'ignored', 'parked')),
    constraint receipt_settled_has_time check ((outcome = 'pending') = (settled_at is null)),
    constraint receipt_settled_has_no_owner check (outcome = 'pending' or owner is null),
    constraint receipt_reason_given
        check (outcome in ('pending', 'applied', 'duplicate') or coalesce(length(reason), 0) > 0),
    constraint receipt_pending_has_body check (outcome <> 'pending' or body is not null)
) strict;

-- The pump's claim, source by source.
create index receipt_pending on receipt (source, id, owner) where outcome = 'pending';

-- Lists by outcome.
create index receipt_outcome on receipt (outcome, id);

-- The newest of one source, however much others sent since. The empty text keeps whoever looks for what is pending from
-- taking this index, maybe while the table is empty, and reading all that the source ever sent.
create index receipt_source on receipt ((source || ''), id);

create index receipt_parked on receipt (source, reason) where outcome = 'parked';
