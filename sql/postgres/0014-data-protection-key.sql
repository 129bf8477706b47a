-- The keys that protect the console's cookies, as ASP.NET writes them: every process of the cluster must read the others'.
create table data_protection_key (
    id         bigint generated always as identity primary key,
    name       text not null,
    xml        text not null,
    created_at timestamptz not null default now()
);
