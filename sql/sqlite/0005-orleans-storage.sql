-- Statements for Microsoft.Orleans.Persistence.AdoNet, which reads them from OrleansQuery. The names of the table
-- OrleansQuery, of the keys, of the parameters and of the answered columns are the provider's contract.
create table OrleansQuery (
    QueryKey  text not null primary key,
    QueryText text not null
) strict;

create table OrleansStorage (
    GrainIdHash            integer not null,
    GrainIdN0              integer not null,
    GrainIdN1              integer not null,
    GrainTypeHash          integer not null,
    GrainTypeString        text not null,
    GrainIdExtensionString text,
    ServiceId              text not null,
    PayloadBinary          blob,
    Version                integer not null
) strict;

-- The whole identity, with a missing extension as '': a null would be distinct from every other null, and two racing
-- first writes would leave two rows that no read accepts.
create unique index orleans_storage_identity on OrleansStorage (
    GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId,
    coalesce(GrainIdExtensionString, ''));

insert into OrleansQuery (QueryKey, QueryText) values
('ReadFromStorageKey', '
    select PayloadBinary, Version from OrleansStorage
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
      and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
      and ServiceId = @ServiceId
      and coalesce(GrainIdExtensionString, '''') = coalesce(@GrainIdExtensionString, '''')
'),
-- No row answered means a conflict. Of the two statements only one can take effect: the first needs a version, the
-- second needs none; so each is atomic by itself.
('WriteToStorageKey', '
    update OrleansStorage set PayloadBinary = @PayloadBinary, Version = Version + 1
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
      and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
      and ServiceId = @ServiceId
      and coalesce(GrainIdExtensionString, '''') = coalesce(@GrainIdExtensionString, '''')
      and Version = @GrainStateVersion
    returning Version as NewGrainStateVersion;

    insert into OrleansStorage (
        GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
        PayloadBinary, Version)
    select
        @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
        @PayloadBinary, 1
    where @GrainStateVersion is null
    on conflict do nothing
    returning Version as NewGrainStateVersion
'),
('ClearStorageKey', '
    update OrleansStorage set PayloadBinary = null, Version = Version + 1
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
      and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
      and ServiceId = @ServiceId
      and coalesce(GrainIdExtensionString, '''') = coalesce(@GrainIdExtensionString, '''')
      and Version = @GrainStateVersion
    returning Version as NewGrainStateVersion
'),
-- Answers the version after the deleted one: the provider takes an unchanged version for a conflict.
('DeleteStorageKey', '
    delete from OrleansStorage
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
      and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
      and ServiceId = @ServiceId
      and coalesce(GrainIdExtensionString, '''') = coalesce(@GrainIdExtensionString, '''')
      and Version = @GrainStateVersion
    returning Version + 1 as NewGrainStateVersion
');
