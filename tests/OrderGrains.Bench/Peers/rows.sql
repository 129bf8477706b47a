-- What the peers rows, hangfire and rebus keep.
create table if not exists webhook (
    delivery_id text primary key,
    received_at timestamptz not null default now()
);

create table if not exists orders (
    id         bigint primary key,
    number     text not null,
    status     text not null,
    updated_at timestamptz not null,
    body       bytea not null
);

create table if not exists stock (
    sku      text primary key,
    on_hand  integer not null,
    reserved integer not null default 0,
    check (0 <= reserved and reserved <= on_hand)
) with (fillfactor = 50);

create table if not exists reservation (
    order_id bigint not null,
    line_id  bigint not null,
    sku      text not null,
    quantity integer not null,
    primary key (order_id, line_id)
);

create table if not exists outbox (
    id           bigint generated always as identity primary key,
    order_id     bigint not null,
    reference    text not null unique,
    body         bytea not null,
    due_at       timestamptz not null default now(),
    delivered_at timestamptz
);

create index if not exists outbox_due on outbox (id) where delivered_at is null;
