-- What Microsoft.Orleans.*.AdoNet read their statements from. The names of this table, of the keys, of the parameters and
-- of the answered columns are the providers' contract, here and in the scripts that follow.
create table OrleansQuery (
    QueryKey  text not null primary key,
    QueryText text not null
);
