-- Stock never oversells: 0 <= reserved <= on_hand after every commit.
create table stock (
    location   text collate "C" not null,
    sku        text collate "C" not null,
    on_hand    integer not null,
    reserved   integer not null,
    -- Units of on_hand that were not counted: warehouses have orders for them.
    shortfall  integer not null,
    version    bigint not null,
    as_of      timestamptz,
    changed_at timestamptz not null,
    constraint stock_identity primary key (location, sku),
    constraint stock_on_hand_not_negative check (on_hand >= 0),
    constraint stock_reserved_not_negative check (reserved >= 0),
    constraint stock_reserved_within_on_hand check (reserved <= on_hand),
    constraint stock_shortfall_is_reserved check (shortfall >= 0 and (shortfall = 0 or on_hand = reserved)),
    constraint stock_version_positive check (version > 0)
-- No indexed column ever changes: with room on its page, an update touches no index.
) with (fillfactor = 50);

create table reservation (
    location    text collate "C" not null,
    sku         text collate "C" not null,
    order_key   text collate "C" not null,
    line_id     text collate "C" not null,
    state       text collate "C" not null,
    quantity    integer not null,
    -- Units of quantity that a warehouse has or is asked for: nobody takes them back.
    at_warehouse integer not null,
    waiting     integer not null,
    consumed    integer not null,
    placed_at   timestamptz not null,
    -- What happened to it last, for people.
    move        text not null,
    moved       integer not null,
    -- When it was last made as it is: an order's commit that needs it may still be under way.
    reserved_at timestamptz not null,
    -- By order: new orders' entries are neighbours, and the sweeps find what an order holds.
    constraint reservation_identity primary key (order_key, location, sku, line_id),
    constraint reservation_state_known check (state in ('open', 'waiting', 'consumed', 'released')),
    constraint reservation_quantity_not_negative check (quantity >= 0),
    constraint reservation_at_warehouse_is_held check (at_warehouse between 0 and quantity),
    constraint reservation_waits_for_units check ((waiting > 0) = (state = 'waiting') and waiting >= 0),
    constraint reservation_consumed_not_negative check (consumed >= 0)
);

-- What an activation loads, and a person looks through; finished reservations leave it.
create index reservation_held on reservation (location, sku, state, placed_at) where state in ('open', 'waiting');

-- What happened last on a SKU, for people.
create index reservation_moved on reservation (location, sku, reserved_at);

-- Units that came or went other than by a reservation: the key makes each take effect once.
create table stock_movement (
    location    text collate "C" not null,
    sku         text collate "C" not null,
    movement_id text collate "C" not null,
    kind        text not null,
    delta       integer not null,
    on_hand     integer not null,
    reason      text not null,
    at          timestamptz not null,
    constraint stock_movement_identity primary key (location, sku, movement_id)
);

create index stock_movement_at on stock_movement (location, sku, at);
