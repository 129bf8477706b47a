-- The orders: one row each, fenced by version, with the whole state as JSON.
create table order_state (
    key           text not null primary key,
    source        text not null,
    order_id      text not null,
    number        text,
    status        text not null,
    -- Units of all lines that wait for stock.
    waiting       integer not null,
    -- When it gives back what it reserved, if it is not paid by then.
    reserved_until integer,
    version       integer not null,
    placed_at     integer,
    changed_at    integer not null,
    -- What people type to find it: lower case, without a leading '#'.
    id_search     text not null,
    number_search text,
    state         text not null,
    constraint order_state_version_positive check (version > 0),
    constraint order_state_key_is_source_and_id check (key = source || '/' || order_id),
    constraint order_state_is_json check (json_valid(state))
) strict;

create index order_state_changed on order_state (changed_at, key);
create index order_state_status on order_state (status, changed_at, key);
create index order_state_id_search on order_state (id_search);
create index order_state_number_search on order_state (number_search) where number_search is not null;

-- All that happened to an order; seq gives the order of commits.
create table timeline (
    seq        integer not null primary key,
    order_key  text not null,
    at         integer not null,
    kind       text not null,
    summary    text not null,
    receipt_id blob,
    message_id blob,
    actor      text,
    -- Another system's own words: they may hold personal data.
    said       text
) strict;

create index timeline_order on timeline (order_key, seq);

-- What a sweep looks through: the orders whose nudge may be lost.
create index order_state_waiting on order_state (placed_at, key) where waiting > 0;
create index order_state_reserved_until on order_state (reserved_until, key) where reserved_until is not null;
