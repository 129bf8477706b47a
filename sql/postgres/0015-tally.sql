-- How many receipts, messages and orders there are of each outcome, state and status: counted by what changes them, in
-- its own transaction, since counting rows takes longer the more are stored. Nobody waits for another: each statement
-- adds rows of its own, and an agent folds them into the totals. A count is the total and what is not folded yet.
create table tally (
    name  text collate "C" not null,
    -- A state; 'all' has everything that was made and not deleted, whatever its state.
    item  text collate "C" not null,
    count bigint not null,
    constraint tally_identity primary key (name, item)
);

create table tally_change (
    name   text collate "C" not null,
    item   text collate "C" not null,
    change bigint not null
-- Rows live for seconds: what is dead is cleaned up before it is more than what is read.
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

do $migration$
declare
    counted record;
begin
    for counted in
        select * from (values ('receipt', 'outcome'), ('message', 'state'), ('order_state', 'status')) as c (name, item)
    loop
        execute format($sql$
            create function %1$s_tally() returns trigger language plpgsql as $body$
            begin
                if tg_op = 'INSERT' then
                    insert into tally_change
                    select '%1$s', coalesce(%2$s, 'all'), count(*) from made
                    group by grouping sets ((%2$s), ()) having count(*) > 0;
                elsif tg_op = 'DELETE' then
                    insert into tally_change
                    select '%1$s', coalesce(%2$s, 'all'), -count(*) from gone
                    group by grouping sets ((%2$s), ()) having count(*) > 0;
                else
                    insert into tally_change
                    select '%1$s', item, sum(change) from (
                        select %2$s as item, 1 as change from made union all select %2$s, -1 from gone) as both_ways
                    group by item having sum(change) <> 0;
                end if;
                return null;
            end
            $body$;
            create trigger %1$s_made after insert on %1$s
                referencing new table as made for each statement execute function %1$s_tally();
            create trigger %1$s_gone after delete on %1$s
                referencing old table as gone for each statement execute function %1$s_tally();
            create trigger %1$s_changed after update on %1$s
                referencing old table as gone new table as made for each statement execute function %1$s_tally();
            -- What is stored already; making the triggers has locked the table.
            insert into tally
            select '%1$s', coalesce(%2$s, 'all'), count(*) from %1$s
            group by grouping sets ((%2$s), ()) having count(*) > 0
            $sql$, counted.name, counted.item);
    end loop;
end
$migration$;
