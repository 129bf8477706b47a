-- The orders: one row each, fenced by version, with the whole state as JSON.
create table order_state (
    key           text collate "C" not null,
    source        text collate "C" not null,
    order_id      text collate "C" not null,
    number        text,
    status        text collate "C" not null,
    -- Units of all lines that wait for stock.
    waiting       integer not null,
    -- When it gives back what it reserved, if it is not paid by then.
    reserved_until timestamptz,
    version       bigint not null,
    placed_at     timestamptz,
    changed_at    timestamptz not null,
    -- What people type to find it: lower case, without a leading '#'.
    id_search     text collate "C" not null,
    number_search text collate "C",
    state         text compression lz4 not null,
    constraint order_state_identity primary key (key),
    constraint order_state_version_positive check (version > 0),
    constraint order_state_key_is_source_and_id check (key = source || '/' || order_id)
);

-- For lists, the newest change first: one status, or all of them merged. Each commit of an order writes an entry.
create index order_state_status on order_state (status, changed_at, key);
create index order_state_id_search on order_state (id_search);
create index order_state_number_search on order_state (number_search) where number_search is not null;

-- What a sweep looks through: the orders whose nudge may be lost.
create index order_state_waiting on order_state (placed_at, key) where waiting > 0;
create index order_state_reserved_until on order_state (reserved_until, key) where reserved_until is not null;

-- All that happened to an order: a row for each commit, with an array of its entries; seq gives the order of commits.
-- Old partitions are dropped whole.
create sequence timeline_seq;

create table timeline (
    seq       bigint not null default nextval('timeline_seq'),
    order_key text collate "C" not null,
    at        timestamptz not null,
    -- [{at, kind, summary, receiptId, messageId, actor, said}], without what is null.
    entries   json not null
) partition by range (at);

create table timeline_other partition of timeline default;

create index timeline_order on timeline (order_key, seq);
