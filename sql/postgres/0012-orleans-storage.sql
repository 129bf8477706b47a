-- Microsoft.Orleans.Persistence.AdoNet: the state of the grains that are seldom written.
create table OrleansStorage (
    GrainIdHash            integer not null,
    GrainIdN0              bigint not null,
    GrainIdN1              bigint not null,
    GrainTypeHash          integer not null,
    GrainTypeString        text not null,
    GrainIdExtensionString text,
    ServiceId              text not null,
    PayloadBinary          bytea,
    Version                integer not null,
    -- The whole identity. Were nulls distinct, two racing first writes would leave two rows that no read accepts.
    constraint orleans_storage_identity unique nulls not distinct (
        GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId, GrainIdExtensionString)
);

insert into OrleansQuery (QueryKey, QueryText) values
('ReadFromStorageKey', '
    select PayloadBinary, Version from OrleansStorage
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
      and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
      and ServiceId = @ServiceId and GrainIdExtensionString is not distinct from @GrainIdExtensionString
'),
-- No row answered means a conflict. Of the two parts only one can take effect: the first needs a version, the second
-- needs none.
('WriteToStorageKey', '
    with changed as (
        update OrleansStorage set PayloadBinary = @PayloadBinary, Version = Version + 1
        where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
          and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
          and ServiceId = @ServiceId and GrainIdExtensionString is not distinct from @GrainIdExtensionString
          and Version = @GrainStateVersion
        returning Version
    ), made as (
        insert into OrleansStorage (
            GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
            PayloadBinary, Version)
        select
            @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString,
            @ServiceId, @PayloadBinary, 1
        where @GrainStateVersion is null
        on conflict do nothing
        returning Version
    )
    select Version as NewGrainStateVersion from changed
    union all
    select Version from made
'),
('ClearStorageKey', '
    update OrleansStorage set PayloadBinary = null, Version = Version + 1
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
      and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
      and ServiceId = @ServiceId and GrainIdExtensionString is not distinct from @GrainIdExtensionString
      and Version = @GrainStateVersion
    returning Version as NewGrainStateVersion
'),
-- Answers the version after the deleted one: the provider takes an unchanged version for a conflict.
('DeleteStorageKey', '
    delete from OrleansStorage
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash
      and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
      and ServiceId = @ServiceId and GrainIdExtensionString is not distinct from @GrainIdExtensionString
      and Version = @GrainStateVersion
    returning Version + 1 as NewGrainStateVersion
');
