-- The order of a webhook that only says from where it is to be fetched. Kept beside the body: what took effect can be
-- seen, and a receipt that is applied once more, as after a crash, fetches nothing.
alter table receipt
    add column fetched    bytea compression lz4,
    -- When it was asked for; there with it, and not without.
    add column fetched_at timestamptz,
    add constraint receipt_fetched_has_time check ((fetched is null) = (fetched_at is null));
