-- The inbox. Ids are UUIDv7, so they sort by arrival, and a range of them is a range of time: partitions are dropped
-- whole when they are old. Texts that are compared and sorted are of collation C: by bytes, on any server.
create table receipt (
    id           uuid not null,
    source       text collate "C" not null,
    topic        text not null,
    delivery_id  text,
    received_at  timestamptz not null,
    -- When the sender decided to send it, if it says so.
    triggered_at timestamptz,
    trace_parent text,
    -- The process that holds a pending receipt in memory; null: nobody does.
    owner        bigint,
    outcome      text collate "C" not null,
    reason       text,
    order_key    text,
    settled_at   timestamptz,
    -- Null: purged. LZ4 takes a fraction of the time that the server's default takes to compress.
    body         bytea compression lz4,
    constraint receipt_identity primary key (id),
    constraint receipt_outcome_known
        check (outcome in ('pending', 'applied', 'duplicate', 'stale', 'ignored', 'parked')),
    constraint receipt_settled_has_time check ((outcome = 'pending') = (settled_at is null)),
    constraint receipt_settled_has_no_owner check (outcome = 'pending' or owner is null),
    constraint receipt_reason_given
        check (outcome in ('pending', 'applied', 'duplicate') or coalesce(length(reason), 0) > 0),
    constraint receipt_pending_has_body check (outcome <> 'pending' or body is not null)
) partition by range (id);

-- For a clock far off; the agent of partitions makes the others ahead of time.
create table receipt_other partition of receipt default;

-- What the pump's claim reads, source by source. Of all receipts few are pending, and most go from there to applied.
create index receipt_pending on receipt (source, id) where outcome = 'pending';
create index receipt_unusual on receipt (outcome, id) where outcome in ('duplicate', 'stale', 'ignored', 'parked');
-- The newest of one source, however much others sent since. The empty text keeps whoever looks for what is pending from
-- taking this index, maybe while the table is empty, and reading all that the source ever sent.
create index receipt_source on receipt ((source || ''), id);
create index receipt_parked on receipt (source, reason) where outcome = 'parked';

-- The processes that hold receipts. Who was not seen for a while is dead, and the living adopt what it held.
create table receipt_owner (
    id      bigint generated always as identity primary key,
    seen_at timestamptz not null
);
