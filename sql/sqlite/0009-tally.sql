-- How many receipts, messages and orders there are of each outcome, state and status: counted by what changes them, in
-- its own transaction, since counting rows takes longer the more are stored.
create table tally (
    name  text not null,
    -- A state; 'all' has everything that was made and not deleted, whatever its state.
    item  text not null,
    count integer not null,
    primary key (name, item)
) strict, without rowid;

insert into tally
select 'receipt', outcome, count(*) from receipt group by outcome
union all select 'receipt', 'all', count(*) from receipt;

create trigger receipt_made after insert on receipt begin
    insert into tally values ('receipt', new.outcome, 1), ('receipt', 'all', 1)
    on conflict (name, item) do update set count = count + 1;
end;

create trigger receipt_gone after delete on receipt begin
    update tally set count = count - 1 where name = 'receipt' and item in (old.outcome, 'all');
end;

create trigger receipt_changed after update of outcome on receipt when old.outcome <> new.outcome begin
    update tally set count = count - 1 where name = 'receipt' and item = old.outcome;
    insert into tally values ('receipt', new.outcome, 1) on conflict (name, item) do update set count = count + 1;
end;

insert into tally
select 'message', state, count(*) from message group by state
union all select 'message', 'all', count(*) from message;

create trigger message_made after insert on message begin
    insert into tally values ('message', new.state, 1), ('message', 'all', 1)
    on conflict (name, item) do update set count = count + 1;
end;

create trigger message_gone after delete on message begin
    update tally set count = count - 1 where name = 'message' and item in (old.state, 'all');
end;

create trigger message_changed after update of state on message when old.state <> new.state begin
    update tally set count = count - 1 where name = 'message' and item = old.state;
    insert into tally values ('message', new.state, 1) on conflict (name, item) do update set count = count + 1;
end;

insert into tally
select 'order_state', status, count(*) from order_state group by status
union all select 'order_state', 'all', count(*) from order_state;

create trigger order_state_made after insert on order_state begin
    insert into tally values ('order_state', new.status, 1), ('order_state', 'all', 1)
    on conflict (name, item) do update set count = count + 1;
end;

create trigger order_state_gone after delete on order_state begin
    update tally set count = count - 1 where name = 'order_state' and item in (old.status, 'all');
end;

create trigger order_state_changed after update of status on order_state when old.status <> new.status begin
    update tally set count = count - 1 where name = 'order_state' and item = old.status;
    insert into tally values ('order_state', new.status, 1) on conflict (name, item) do update set count = count + 1;
end;
