-- Microsoft.Orleans.Clustering.AdoNet: who is in the cluster. What the provider calls DeploymentId is our Cluster:ClusterId.
create table OrleansMembershipVersionTable (
    DeploymentId text not null primary key,
    Version      integer not null
);

create table OrleansMembershipTable (
    DeploymentId text not null references OrleansMembershipVersionTable on delete cascade,
    Address      text not null,
    Port         integer not null,
    Generation   integer not null,
    SiloName     text not null,
    HostName     text not null,
    Status       integer not null,
    ProxyPort    integer not null,
    SuspectTimes text,
    StartTime    timestamptz not null,
    IAmAliveTime timestamptz not null,
    primary key (DeploymentId, Address, Port, Generation)
);

-- Every silo looks at the version, and each change of a member moves it on by one: that is the fence. In each statement
-- the version is moved first, by a row lock, and only who moved it writes the member; so one statement is one atomic
-- turn, and of two that name the same version the second finds it gone and answers 0.
insert into OrleansQuery (QueryKey, QueryText) values
('InsertMembershipVersionKey', '
    with made as (
        insert into OrleansMembershipVersionTable (DeploymentId, Version) values (@DeploymentId, 0)
        on conflict do nothing
        returning 1
    )
    select count(*) from made
'),
('InsertMembershipKey', '
    with turn as (
        update OrleansMembershipVersionTable set Version = Version + 1
        where DeploymentId = @DeploymentId and Version = @Version
          and not exists (
              select from OrleansMembershipTable
              where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation)
        returning DeploymentId
    ), made as (
        insert into OrleansMembershipTable (
            DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        select
            DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime,
            @IAmAliveTime
        from turn
        returning 1
    )
    select count(*) from made
'),
('UpdateMembershipKey', '
    with turn as (
        update OrleansMembershipVersionTable set Version = Version + 1
        where DeploymentId = @DeploymentId and Version = @Version
          and exists (
              select from OrleansMembershipTable
              where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation)
        returning DeploymentId
    ), changed as (
        update OrleansMembershipTable member
        set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
        from turn
        where member.DeploymentId = turn.DeploymentId
          and member.Address = @Address and member.Port = @Port and member.Generation = @Generation
        returning 1
    )
    select count(*) from changed
'),
-- A sign of life is no change of the cluster: it moves no version.
('UpdateIAmAlivetimeKey', '
    update OrleansMembershipTable set IAmAliveTime = @IAmAliveTime
    where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation
'),
-- A row comes even when there is no member: the version is always answered.
('MembershipReadRowKey', '
    select
        v.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
        m.StartTime, m.IAmAliveTime
    from OrleansMembershipVersionTable v
    left join OrleansMembershipTable m
        on m.DeploymentId = v.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
    where v.DeploymentId = @DeploymentId
'),
('MembershipReadAllKey', '
    select
        v.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
        m.StartTime, m.IAmAliveTime
    from OrleansMembershipVersionTable v
    left join OrleansMembershipTable m on m.DeploymentId = v.DeploymentId
    where v.DeploymentId = @DeploymentId
'),
('GatewaysQueryKey', '
    select Address, ProxyPort, Generation from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0
'),
-- 6 is SiloStatus.Dead.
('CleanupDefunctSiloEntriesKey', '
    delete from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Status = 6 and IAmAliveTime < @IAmAliveTime
'),
('DeleteMembershipTableEntriesKey', '
    delete from OrleansMembershipVersionTable where DeploymentId = @DeploymentId
');
