create table if not exists receipt (
    id          bigint generated always as identity primary key,
    delivery_id text not null unique,
    received_at timestamptz not null default now(),
    body        bytea not null
);
