-- Stock never oversells: 0 <= reserved <= on_hand after every commit.
create table stock (
    location   text collate "C" not null,
    sku        text collate "C" not null,
    -- The SKU without white space, in upper case: what a slip of the keyboard may have meant.
    sku_folded text collate "C" not null,
    -- The larger of the units there and those reserved. Units there = on_hand - shortfall
    -- = counted + what moved later than as_of; below 0 when a warehouse shipped more than it had counted.
    on_hand    integer not null,
    reserved   integer not null,
    -- Units of on_hand that are not there: warehouses have orders for them, or have shipped them uncounted.
    shortfall  integer not null,
    -- The newest count, and the time it speaks of; 0 and null when there is none.
    counted    integer not null,
    version    bigint not null,
    as_of      timestamptz,
    -- The latest adjustment, and the latest of anything that left or was adjusted: a count of that time has all in.
    adjusted_at timestamptz,
    moved_at   timestamptz,
    changed_at timestamptz not null,
    constraint stock_identity primary key (location, sku),
    constraint stock_on_hand_not_negative check (on_hand >= 0),
    constraint stock_reserved_not_negative check (reserved >= 0),
    constraint stock_reserved_within_on_hand check (reserved <= on_hand),
    constraint stock_counted_not_negative check (counted >= 0 and (counted = 0 or as_of is not null)),
    constraint stock_shortfall_is_reserved check (shortfall >= 0 and (shortfall = 0 or on_hand = reserved)),
    constraint stock_version_positive check (version > 0)
-- No indexed column ever changes: with room on its page, an update touches no index.
) with (fillfactor = 50);

-- What a location has counted under a SKU that differs by case or white space alone.
create index stock_folded on stock (location, sku_folded);

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

-- Units that came or went, and when: counted, adjusted, set, shipped. The key makes each take effect once.
-- A stock is its newest count and what was adjusted or shipped later, whenever we heard of it.
create table stock_movement (
    location    text collate "C" not null,
    sku         text collate "C" not null,
    movement_id text collate "C" not null,
    kind        text not null,
    delta       integer not null,
    -- Units there after it, as far as we had heard then.
    on_hand     integer not null,
    reason      text not null,
    at          timestamptz not null,
    -- Of what was shipped: for whom.
    order_key   text collate "C",
    line_id     text collate "C",
    constraint stock_movement_identity primary key (location, sku, movement_id)
);

create index stock_movement_at on stock_movement (location, sku, at);
