-- The order of a webhook that only says from where it is to be fetched. Kept beside the body: what took effect can be
-- seen, and a receipt that is applied once more, as after a crash, fetches nothing.
alter table receipt add column fetched blob;
-- When it was asked for; there with it, and not without.
alter table receipt add column fetched_at integer
    constraint receipt_fetched_has_time check ((fetched is null) = (fetched_at is null));
